import {
  ask,
  catalogue,
  expect,
  minor,
  newTerminal,
  openTill,
  ringUp,
  storeUrl,
  test,
} from './shop.js';

const lines = (page) => page.getByTestId('lines').getByRole('listitem');

test('a tapped item is on the order, and plus and minus count it', async ({ page }) => {
  const { shelf } = await catalogue();
  const [item] = shelf;
  await openTill(page);
  await page.getByRole('button', { name: item.category, exact: true }).click();
  await page.getByTestId('tiles').locator(`[data-sku="${item.sku}"]`).click();
  await expect(lines(page)).toHaveCount(1);
  await expect.poll(() => minor(page.getByTestId('total'))).toBe(item.price.amount);
  await page.getByRole('button', { name: `One ${item.name} more` }).click();
  await expect.poll(() => minor(page.getByTestId('total'))).toBe(2 * item.price.amount);
  await page.getByRole('button', { name: `Remove ${item.name}` }).click();
  await expect(page.getByText('Scan or tap the first item.')).toBeVisible();
});

test('a typed barcode is rung up, an unknown one is explained', async ({ page }) => {
  const { shelf } = await catalogue();
  await openTill(page);
  await ringUp(page, shelf[0].gtin);
  await expect(lines(page)).toHaveCount(1);
  await expect(page.getByRole('searchbox')).toHaveValue('');
  await ringUp(page, '9506000199993');
  await expect(
    page.getByText('Nothing has this code. Search for the item by its name.').last(),
  ).toBeVisible();
  await expect(lines(page)).toHaveCount(1);
});

test('a weighed item asks for grams and prices them', async ({ page }) => {
  const { weighed } = await catalogue();
  expect(weighed, 'this catalogue weighs nothing').not.toHaveLength(0);
  await openTill(page);
  await ringUp(page, weighed[0].name);
  const dialog = page.getByRole('dialog', { name: weighed[0].name });
  for (const digit of ['5', '0', '0'])
    await dialog.getByRole('button', { name: digit, exact: true }).click();
  await dialog.getByRole('button', { name: /^Add for/ }).click();
  await expect(lines(page)).toContainText('0.500 kg');
  const half = weighed[0].price.amount / 2;
  const total = () => minor(page.getByTestId('total'));
  await expect.poll(async () => Math.abs((await total()) - half)).toBeLessThanOrEqual(1);
});

test('an item with choices asks for them and keeps them on the line', async ({ page }) => {
  const { chosen } = await catalogue();
  expect(chosen, 'nothing in this catalogue has choices').not.toHaveLength(0);
  const item = chosen.find(({ modifiers }) => modifiers.some(({ min }) => min > 0)) ?? chosen[0];
  const group =
    item.modifiers.find(({ min, options }) => min > 0 && options.length > 1) ?? item.modifiers[0];
  await openTill(page);
  await ringUp(page, item.name);
  const dialog = page.getByRole('dialog', { name: item.name });
  await dialog.getByLabel(group.options[1].name).check();
  await dialog.getByRole('button', { name: /^Add for/ }).click();
  await expect(lines(page)).toContainText(group.options[1].name);
});

test('cash with change: the change is shown and the receipt says what was sold', async ({
  page,
}) => {
  const { shelf } = await catalogue();
  await openTill(page);
  await ringUp(page, shelf[0].gtin);
  await expect(lines(page)).toHaveCount(1);
  const due = await minor(page.getByTestId('total'));
  await page.getByRole('button', { name: /^Cash/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Cash payment' });
  await dialog.getByRole('group', { name: 'Usual amounts' }).getByRole('button').nth(1).click();
  await expect(page.getByRole('heading', { name: 'Sale completed' })).toBeVisible();
  expect(await minor(page.getByTestId('change'))).toBeGreaterThan(0);
  await expect(page.getByTestId('receipt')).toContainText(shelf[0].name.slice(0, 12));
  const { sales } = await ask(storeUrl, '/sales?limit=1');
  expect(sales[0].total.amount).toBe(due);
});

test('a double tap on the exact sum is one sale', async ({ page }) => {
  const { shelf } = await catalogue();
  const terminal = await openTill(page);
  await ringUp(page, shelf[0].gtin);
  await expect(lines(page)).toHaveCount(1);
  await page.keyboard.press('F9');
  await page.getByRole('button', { name: /^Exact/ }).dblclick();
  await expect(page.getByRole('heading', { name: 'Sale completed' })).toBeVisible();
  const { sales } = await ask(storeUrl, '/sales?limit=50');
  expect(sales.filter((sale) => sale.terminal === terminal)).toHaveLength(1);
});

test('part by card, the rest in cash, then the next tap starts a new sale', async ({ page }) => {
  const { shelf } = await catalogue();
  await openTill(page);
  await ringUp(page, shelf[0].gtin);
  await expect(lines(page)).toHaveCount(1);
  const due = await minor(page.getByTestId('total'));
  await page.keyboard.press('F8');
  await expect(page.getByRole('dialog', { name: 'Card payment' })).toBeVisible();
  await page.keyboard.type('50');
  await page.keyboard.press('Enter');
  await expect.poll(() => minor(page.getByTestId('pay-due'))).toBe(due - 50);
  await page.getByRole('group', { name: 'Paid by' }).getByRole('button', { name: 'Cash' }).click();
  await page.getByRole('button', { name: /^Exact/ }).click();
  await expect(page.getByRole('heading', { name: 'Sale completed' })).toBeVisible();
  await ringUp(page, shelf[0].gtin);
  await expect(page.getByRole('heading', { name: 'Sale completed' })).toBeHidden();
  await expect(lines(page)).toHaveCount(1);
});

test('a whole sale from the keyboard alone', async ({ page }) => {
  const { shelf } = await catalogue();
  await openTill(page);
  for (const item of [shelf[0], shelf[1] ?? shelf[0]]) {
    await page.keyboard.press('F2');
    await page.keyboard.type(item.gtin);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('searchbox')).toHaveValue('');
  }
  await expect(page.getByTestId('lines')).toContainText(shelf[0].name);
  await page.keyboard.press('F9');
  await expect(page.getByRole('dialog', { name: 'Cash payment' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.keyboard.press('F9');
  await page.keyboard.type('10000');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Sale completed' })).toBeVisible();
  expect(await minor(page.getByTestId('change'))).toBeGreaterThan(0);
});

test('what happens at the appliance appears without asking', async ({ page }) => {
  const { shelf } = await catalogue();
  const terminal = await openTill(page);
  const order = await ask(storeUrl, '/orders', { kind: 'retail', terminal });
  await ask(storeUrl, `/orders/${order.id}/lines`, { code: shelf[0].gtin });
  await expect(lines(page)).toContainText(shelf[0].name);
});

test('an order that was set aside is recalled with a tap', async ({ page }) => {
  const { shelf } = await catalogue();
  await openTill(page, { terminal: newTerminal() });
  await ringUp(page, shelf[0].gtin);
  const number = await page.getByRole('heading', { name: /^Order \d+/ }).innerText();
  await page.getByRole('button', { name: 'Set aside' }).click();
  await expect(page.getByText('Scan or tap the first item.')).toBeVisible();
  await page.keyboard.press('F4');
  await page.getByRole('dialog').getByRole('button', { name: number }).click();
  await expect(page.getByRole('heading', { name: number })).toBeVisible();
  await expect(lines(page)).toContainText(shelf[0].name);
});

test('the till speaks German', async ({ page }) => {
  const { shelf } = await catalogue();
  await openTill(page, { query: '&lang=de' });
  await ringUp(page, shelf[0].gtin);
  await expect(page.getByTestId('total')).toContainText(',');
  await page.getByRole('button', { name: /^Bar/ }).click();
  await page.getByRole('button', { name: /^Passend/ }).click();
  await expect(page.getByRole('heading', { name: 'Verkauf abgeschlossen' })).toBeVisible();
});
