// A corner shop with a café, invented for development: enough kinds of goods to see every screen.

const milk = {
  id: 'milk',
  name: 'Milk',
  min: 1,
  max: 1,
  options: [
    { id: 'milk-whole', name: 'Whole milk', price: 0 },
    { id: 'milk-oat', name: 'Oat milk', price: 50 },
    { id: 'milk-soy', name: 'Soy milk', price: 40 },
    { id: 'milk-none', name: 'No milk', price: 0 },
  ],
};
const extras = {
  id: 'extras',
  name: 'Extras',
  min: 0,
  max: 2,
  options: [
    { id: 'extra-shot', name: 'Extra shot', price: 80 },
    { id: 'syrup-vanilla', name: 'Vanilla syrup', price: 60 },
    { id: 'syrup-hazelnut', name: 'Hazelnut syrup', price: 60 },
    { id: 'decaf', name: 'Decaf', price: 0 },
  ],
};
const sides = {
  id: 'side',
  name: 'Side',
  min: 1,
  max: 1,
  options: [
    { id: 'side-salad', name: 'Green salad', price: 0 },
    { id: 'side-fries', name: 'Fries', price: 150 },
    { id: 'side-bread', name: 'Bread', price: 0 },
  ],
};

const hot = (sku, name, price, modifiers = [milk, extras]) => ({
  sku,
  name,
  price,
  category: 'Hot drinks',
  tax: '19',
  station: 'bar',
  modifiers,
});
const food = (sku, name, price, modifiers = []) => ({
  sku,
  name,
  price,
  category: 'Kitchen',
  tax: '19',
  station: 'kitchen',
  modifiers,
});
const shelf = (sku, gtin, name, price, category, tax = '7') => ({
  sku,
  gtin,
  name,
  price,
  category,
  tax,
});
const loose = (sku, name, price, category = 'Fruit and vegetables') => ({
  sku,
  name,
  price,
  category,
  tax: '7',
  unit: 'kg',
});

const rows = [
  hot('ESPRESSO', 'Espresso', 240, [extras]),
  hot('CAPPUCCINO', 'Cappuccino', 340),
  hot('LATTE', 'Caffè latte', 380),
  hot('FLAT-WHITE', 'Flat white', 390),
  hot('AMERICANO', 'Americano', 290, [extras]),
  hot('CHAI', 'Chai latte', 390, [milk]),
  hot('TEA-MINT', 'Fresh mint tea', 310, []),
  hot('COCOA', 'Hot chocolate', 360, [milk]),
  food('SOUP', 'Soup of the day', 650),
  food('TOAST-CHEESE', 'Cheese toast', 590, [sides]),
  food('BURGER', 'Beef burger', 1290, [sides]),
  food('PANCAKES', 'Pancakes with berries', 780),
  food('OMELETTE', 'Herb omelette', 820, [sides]),
  food('QUICHE', 'Leek quiche', 690, [sides]),
  shelf('MILK-1L', '4006381333931', 'Organic whole milk 1 l', 129, 'Dairy'),
  shelf('BUTTER-250', '4006381333948', 'Alpine butter 250 g', 249, 'Dairy'),
  shelf('YOGHURT', '4006381333955', 'Natural yoghurt 500 g', 119, 'Dairy'),
  shelf('FETA', '4006381333962', 'Feta in brine 200 g', 279, 'Dairy'),
  shelf('EGGS-10', '4006381333979', 'Free-range eggs, 10', 349, 'Dairy'),
  shelf('QUARK', '4006381333986', 'Low-fat quark 250 g', 89, 'Dairy'),
  loose('APPLES', 'Apples Elstar', 279),
  loose('BANANAS', 'Bananas', 199),
  loose('TOMATOES', 'Vine tomatoes', 349),
  loose('POTATOES', 'Waxy potatoes', 149),
  loose('CARROTS', 'Carrots', 169),
  loose('GRAPES', 'Red grapes', 499),
  shelf('CROISSANT', null, 'Butter croissant', 160, 'Bakery'),
  shelf('ROLL', null, 'Wheat roll', 55, 'Bakery'),
  shelf('RYE-1KG', null, 'Rye sourdough 1 kg', 520, 'Bakery'),
  shelf('PRETZEL', null, 'Lye pretzel', 110, 'Bakery'),
  shelf('CHEESECAKE', null, 'Cheesecake, slice', 380, 'Bakery'),
  shelf('CINNAMON', null, 'Cinnamon bun', 290, 'Bakery'),
  shelf('WATER-05', '4006381334006', 'Still water 0.5 l', 95, 'Cold drinks', '19'),
  shelf('COLA-033', '4006381334013', 'Cola 0.33 l', 149, 'Cold drinks', '19'),
  shelf('SPRITZER', '4006381334020', 'Apple spritzer 0.5 l', 169, 'Cold drinks', '19'),
  shelf('BEER-05', '4006381334037', 'Pilsner 0.5 l', 139, 'Cold drinks', '19'),
  shelf('JUICE-1L', '4006381334044', 'Orange juice 1 l', 259, 'Cold drinks', '19'),
  shelf('PASTA', '4006381334051', 'Spaghetti 500 g', 129, 'Pantry'),
  shelf('RICE', '4006381334068', 'Basmati rice 1 kg', 329, 'Pantry'),
  shelf('OIL', '4006381334075', 'Olive oil 0.75 l', 899, 'Pantry'),
  shelf('COFFEE-500', '4006381334082', 'House espresso beans 500 g', 1190, 'Pantry'),
  shelf('CHOCOLATE', '4006381334099', 'Dark chocolate 100 g', 199, 'Pantry'),
  shelf('TISSUES', '4006381334105', 'Paper tissues, 10 packs', 199, 'Household', '19'),
  shelf('CANDLES', '4006381334112', 'Tea lights, 50', 399, 'Household', '19'),
];

export const money = (amount) => ({ amount, currency: 'EUR' });

const priced = (groups) =>
  groups.map((group) => ({
    ...group,
    options: group.options.map((option) => ({ ...option, price: money(option.price) })),
  }));

export const items = rows.map((row) => ({
  sku: row.sku,
  gtin: row.gtin ?? null,
  name: row.name,
  unit: row.unit ?? 'each',
  price: money(row.price),
  tax_rate: row.tax,
  category: row.category,
  station: row.station ?? null,
  modifiers: priced(row.modifiers ?? []),
  price_conflict: row.sku === 'OIL',
}));
