import {
  ask,
  catalogue,
  expect,
  hqUrl,
  minor,
  newTerminal,
  openTill,
  ringUp,
  storeUrl,
  test,
} from './shop.js';

/** Headquarters hears of a sale by itself; this bounds how long that may take. */
const heardWithin = { timeout: 30_000 };

async function ownStore() {
  const { id } = await ask(storeUrl, '/store');
  return id;
}

test('the store has a row that says how it is and of when its figures are', async ({ page }) => {
  const id = await ownStore();
  await page.goto(`${hqUrl}/dashboard/`);
  const row = page.locator(`[data-store="${id}"]`);
  await expect(row).toContainText('Online', heardWithin);
  await page.getByRole('button', { name: 'Sales today' }).click();
  await expect(page.getByRole('columnheader', { name: 'Sales today' })).toHaveAttribute(
    'aria-sort',
    'descending',
  );
});

test('a sale in the store makes the figure at headquarters grow', async ({ page }) => {
  const [{ shelf }, id] = [await catalogue(), await ownStore()];
  await page.goto(`${hqUrl}/dashboard/`);
  const row = page.locator(`[data-store="${id}"]`);
  await expect(row).toContainText('Online', heardWithin);
  const figure = row.getByTestId('sales-today');
  const before = (await figure.count()) ? await minor(figure) : 0;
  const { total } = await ask(storeUrl, '/sales', {
    terminal: newTerminal(),
    lines: [{ code: shelf[0].gtin, quantity: '2' }],
    payments: [
      { method: 'cash', tendered: { ...shelf[0].price, amount: 2 * shelf[0].price.amount } },
    ],
  });
  await expect.poll(() => minor(figure), heardWithin).toBe(before + total.amount);
  await expect(row).toContainText('as of now');
});

test('the sales report groups by day, store and item, in a table', async ({ page }) => {
  await page.goto(`${hqUrl}/dashboard/#sales`);
  for (const grouping of ['Store', 'Item', 'Day']) {
    await page.getByRole('button', { name: grouping, exact: true }).click();
    const table = page.getByTestId('sales-report');
    await expect(table.getByRole('columnheader', { name: grouping, exact: true })).toBeVisible();
    await expect(table.getByRole('row').nth(1)).toBeVisible();
  }
});

test('a price changed at headquarters reaches the till', async ({ page, context }) => {
  const { shelf } = await catalogue();
  const item = shelf.at(-1);
  const cents = (amount) => `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`;
  const till = await context.newPage();
  await openTill(till);
  await page.goto(`${hqUrl}/dashboard/#catalogue`);
  await page.getByRole('searchbox', { name: 'Find items' }).fill(item.name);
  await page
    .getByRole('button', { name: new RegExp(`^Change the price of ${escape(item.name)}`) })
    .click();
  const price = item.price.amount + 11;
  await page.getByRole('textbox', { name: /^New price of/ }).fill(cents(price));
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(/now costs/).last()).toBeVisible();
  await expect
    .poll(async () => (await ask(storeUrl, `/items/${item.sku}`)).price.amount, heardWithin)
    .toBe(price);
  await ringUp(till, item.gtin);
  await expect.poll(() => minor(till.getByTestId('total'))).toBe(price);
});

test('conflicts show both values, or that there are none', async ({ page }) => {
  const { conflicts } = await ask(hqUrl, '/conflicts');
  await page.goto(`${hqUrl}/dashboard/#conflicts`);
  await expect(page.getByRole('heading', { level: 1, name: 'Conflicts' })).toBeVisible();
  if (conflicts.length === 0) {
    await expect(page.getByText('There is nothing to settle.')).toBeVisible();
    return;
  }
  const card = page.locator(`[data-sku="${conflicts[0].sku}"]`);
  await expect(card.getByRole('listitem')).toHaveCount(conflicts[0].values.length);
  await expect(card.getByText('Holds now')).toBeVisible();
  await card
    .getByRole('button', { name: /instead$/ })
    .first()
    .click();
  await expect(card).toHaveCount(0);
});

test('the dashboard speaks German', async ({ page }) => {
  await page.goto(`${hqUrl}/dashboard/?lang=de`);
  await expect(page.getByRole('heading', { level: 1, name: 'Läden' })).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'Umsatz heute' })).toBeVisible();
});

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
