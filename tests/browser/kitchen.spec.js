import { catalogue, expect, fireOrder, storeUrl, test } from './shop.js';

/** Opens the station's screen with a line that the test can cut. */
async function openPass(page, station, query = '') {
  const line = { cut: false, sockets: [] };
  await page.routeWebSocket(/\/api\/v1\/events/, (socket) => {
    if (line.cut) return void socket.close();
    socket.connectToServer();
    line.sockets.push(socket);
  });
  await page.goto(`${storeUrl}/kitchen/?station=${station}${query}`);
  await expect(page.getByTestId('line-live')).toBeVisible();
  await expect(page.getByText('Connected', { exact: true })).toBeVisible();
  return {
    async lose() {
      line.cut = true;
      for (const socket of line.sockets.splice(0)) await socket.close();
    },
    restore() {
      line.cut = false;
    },
  };
}

const ticketOf = (page, order) =>
  page
    .getByTestId('tickets')
    .getByRole('listitem')
    .filter({ hasText: `Order ${order.number}` })
    .first();

async function cookedItem() {
  const { cooked } = await catalogue();
  expect(cooked, 'nothing in this catalogue is cooked').not.toHaveLength(0);
  return cooked[0];
}

test('a fired order appears with its table, its lines and its age', async ({ page }) => {
  const item = await cookedItem();
  await openPass(page, item.station);
  const order = await fireOrder(item, { table: '17', quantity: '3' });
  const ticket = ticketOf(page, order);
  await expect(ticket).toContainText('Table 17');
  await expect(ticket).toContainText(item.name);
  await expect(ticket).toContainText(/0:\d\d/);
  await expect(page.getByRole('complementary')).toContainText(item.name);
});

test('a bump takes the ticket away, undo and recall bring it back', async ({ page }) => {
  const item = await cookedItem();
  await openPass(page, item.station);
  const order = await fireOrder(item);
  const ticket = ticketOf(page, order);
  await ticket.getByRole('button').click();
  await expect(ticket).toHaveCount(0);
  await page.getByRole('button', { name: /^Undo/ }).click();
  await expect(ticket).toBeVisible();
  await ticket.getByRole('button').click();
  await expect(ticket).toHaveCount(0);
  await page.keyboard.press('0');
  const recent = page.getByRole('dialog', { name: 'Recently done' });
  await recent.getByRole('listitem').first().getByRole('button', { name: 'Bring back' }).click();
  await page.keyboard.press('Escape');
  await expect(ticket).toBeVisible();
});

test('a digit key bumps the ticket that wears it', async ({ page }) => {
  const item = await cookedItem();
  await openPass(page, item.station);
  await fireOrder(item);
  const tickets = page.getByTestId('tickets').locator('> li');
  await expect(tickets.first()).toBeVisible();
  const first = await tickets.first().getAttribute('data-testid');
  await page.keyboard.press('1');
  await expect(page.getByTestId(first)).toHaveCount(0);
  await page.keyboard.press('Backspace');
  await expect(page.getByTestId(first)).toBeVisible();
});

test('a lost line is shown, and what came meanwhile is there once it is back', async ({ page }) => {
  const item = await cookedItem();
  const line = await openPass(page, item.station);
  const before = await fireOrder(item);
  await expect(ticketOf(page, before)).toBeVisible();
  await line.lose();
  await expect(page.getByText(/Disconnected since/)).toBeVisible();
  const missed = await fireOrder(item, { table: '31' });
  line.restore();
  await expect(page.getByTestId('line-live')).toBeVisible({ timeout: 15_000 });
  await expect(ticketOf(page, missed)).toContainText('Table 31');
  await expect(ticketOf(page, before)).toHaveCount(1);
});

test('the kitchen speaks German', async ({ page }) => {
  const item = await cookedItem();
  await page.goto(`${storeUrl}/kitchen/?station=${item.station}&lang=de`);
  await expect(page.getByText('Verbunden', { exact: true })).toBeVisible();
  await fireOrder(item, { table: '9' });
  await expect(page.getByTestId('tickets')).toContainText('Tisch 9');
});
