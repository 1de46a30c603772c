import { items, money } from './goods.mjs';
import { Feed } from './feed.mjs';
import { Problem, serve } from './http.mjs';
import { shop } from './shop.mjs';
import { changePrice } from './store.mjs';

const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
const other = (id, name, state, fields = {}) => ({
  id,
  name,
  state,
  online: state === 'online',
  last_seen: ago(0),
  behind_entries: 0,
  behind_since: null,
  acked_seq: 9000,
  epoch: 1,
  message: null,
  sales_today: { count: 0, total: money(0), as_of: ago(0) },
  ...fields,
});
const sold = (count, total, minutes) => ({ count, total: money(total), as_of: ago(minutes) });
const stores = [
  other('corner', 'Corner Shop', 'online'),
  other('harbour', 'Harbour Kiosk', 'online', {
    behind_entries: 12,
    behind_since: ago(2),
    sales_today: sold(211, 184_220, 2),
  }),
  other('market', 'Market Hall', 'offline', {
    behind_entries: 148,
    behind_since: ago(46),
    last_seen: ago(46),
    sales_today: sold(87, 96_410, 46),
  }),
  other('station', 'Station Café', 'online', { sales_today: sold(342, 218_990, 0) }),
  other('airport', 'Airport T2', 'never_seen', {
    behind_entries: null,
    last_seen: null,
    sales_today: sold(0, 0, 0),
  }),
  other('old-town', 'Old Town', 'quarantined', {
    behind_entries: null,
    last_seen: ago(300),
    message: 'Entry 8,204 came twice with different content.',
    sales_today: sold(19, 21_330, 300),
  }),
];
stores[4].sales_today.as_of = null;

const conflicts = [
  {
    id: 'c1',
    sku: 'OIL',
    name: 'Olive oil 0.75 l',
    field: 'price',
    values: [
      { value: money(899), by: 'headquarters', at: ago(95), holds: true },
      { value: money(849), by: 'store Market Hall', at: ago(101), holds: false },
    ],
  },
  {
    id: 'c2',
    sku: 'COFFEE-500',
    name: 'House espresso beans 500 g',
    field: 'price',
    values: [
      { value: money(1190), by: 'store Station Café', at: ago(30), holds: true },
      { value: money(1250), by: 'headquarters', at: ago(33), holds: false },
    ],
  },
];

function report({ query }) {
  const by = query.get('group_by');
  const asOf = new Date().toISOString();
  if (by === 'store') {
    const rows = stores.map(({ id, name, sales_today: { count, total } }) => ({
      key: id,
      name,
      count,
      quantity: null,
      total,
    }));
    return { rows, as_of: asOf };
  }
  if (by === 'day') return { rows: days(query.get('from'), query.get('to')), as_of: asOf };
  const rows = items.slice(0, 24).map((item, at) => ({
    key: item.sku,
    name: item.name,
    count: 90 - 3 * at,
    quantity: String(95 - 3 * at),
    total: money(item.price.amount * (95 - 3 * at)),
  }));
  return { rows, as_of: asOf };
}

function days(from, to) {
  const rows = [];
  for (let day = Date.parse(from); day <= Date.parse(to); day += 86_400_000) {
    const key = new Date(day).toISOString().slice(0, 10);
    const busy = 600 + ((day / 86_400_000) % 7) * 55 + ((day / 86_400_000) % 3) * 31;
    rows.push({ key, name: key, count: busy, quantity: null, total: money(busy * 812) });
  }
  return rows;
}

const plain = ({ sku, gtin, name, unit, price, tax_rate, category, price_conflict }) => ({
  sku,
  gtin,
  name,
  unit,
  price,
  tax_rate,
  category,
  price_conflict,
});

function search({ query }) {
  const words = (query.get('q') ?? '').toLowerCase();
  const found = items.filter(({ name, sku }) => `${name} ${sku}`.toLowerCase().includes(words));
  return { items: found.slice(0, Number(query.get('limit') ?? 50)).map(plain) };
}

function resolve({ id, body }) {
  const at = conflicts.findIndex((conflict) => conflict.id === id);
  if (at < 0) throw new Problem(404, 'unknown_conflict', 'This conflict is already settled.');
  const [conflict] = conflicts.splice(at, 1);
  conflict.values = [{ value: body.value, by: 'headquarters', at: ago(0), holds: true }];
  changePrice(conflict.sku, body.value);
  return conflict;
}

export function startHeadquarters(port, root) {
  let feed = null;
  const poke = (...topics) => topics.forEach((topic) => feed.emit(topic, 'changed', {}));
  const server = serve({
    root,
    routes: [
      ['GET', '/api/v1/stores', () => ({ stores, as_of: ago(0) })],
      ['GET', '/api/v1/reports/sales', report],
      ['GET', '/api/v1/catalogue/items', search],
      [
        'POST',
        '/api/v1/catalogue/prices',
        ({ body }) => {
          const item = plain(changePrice(body.sku, body.price));
          poke('catalogue');
          return item;
        },
      ],
      ['GET', '/api/v1/conflicts', () => ({ conflicts })],
      [
        'POST',
        '/api/v1/conflicts/:id/resolve',
        (request) => {
          const settled = resolve(request);
          poke('conflicts', 'catalogue');
          return settled;
        },
      ],
      ['POST', '/dev/feed-down', ({ body }) => feed.goDown(body.seconds) ?? {}],
    ],
  });
  feed = new Feed(server);
  shop.tellHeadquarters = (sale) => {
    const today = stores[0].sales_today;
    Object.assign(today, {
      count: today.count + 1,
      total: money(today.total.amount + sale.total.amount),
      as_of: ago(0),
    });
    stores[0].last_seen = ago(0);
    poke('stores', 'sales');
  };
  server.listen(port, '127.0.0.1');
}
