import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { expect, test as base } from '@playwright/test';

/** The addresses of the two programs under test; whoever starts them says where they are. */
export const storeUrl = address('OUTPOST_STORE_URL');
export const hqUrl = address('OUTPOST_HQ_URL');

function address(name) {
  const url = process.env[name];
  if (!url) throw new Error(`set ${name} to the address of the program under test`);
  return url.replace(/\/$/, '');
}

/** Every test runs on a page that must log no error and ask nobody else for anything. */
export const test = base.extend({
  page: async ({ page }, use) => {
    const faults = [];
    const ours = [storeUrl, hqUrl].map((url) => new URL(url).host);
    page.on('console', (message) => {
      // A refused request is logged by the browser itself; the screen's own answer is tested.
      const refused = /Failed to load resource: .* status of 4\d\d/.test(message.text());
      if (message.type() === 'error' && !refused) faults.push(message.text());
    });
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('request', (request) => {
      const { host, protocol } = new URL(request.url());
      if (/^(http|ws)s?:$/.test(protocol) && !ours.includes(host)) faults.push(request.url());
    });
    await use(page);
    expect(faults).toEqual([]);
  },
});

export { expect };

/** Asks the store's or headquarters' own API, as another program would. */
export async function ask(url, path, body) {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: body ? 'POST' : 'GET',
    headers: body && { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** What a hand does at the gate: `exit EPC`, `unplug`, `plug`. */
export const atGate = (line) => hand('OUTPOST_GATE_HANDS', line);

/** What the next card at till T1 does: `approve`, `decline`, `dawdle`. */
export const nextCard = (line) => hand('OUTPOST_CARD_HANDS', line);

/** A hand on a simulated device, as `outpost device hands` would. */
function hand(name, line) {
  const socket = process.env[name];
  if (!socket) throw new Error(`set ${name} to the socket of the simulated device's hands`);
  return new Promise((done, fail) => {
    const hands = connect(socket);
    const seen = createInterface({ input: hands });
    hands.on('error', fail).write(`${line}\n`);
    seen.on('line', (said) => {
      if (said !== 'ok' && !said.startsWith('error: ')) return;
      hands.destroy();
      if (said === 'ok') done();
      else fail(new Error(`${line}: ${said}`));
    });
  });
}

/** The tag of a coat of the demo's catalogue (SGTIN-96 of 4006381333948) with this serial number. */
export const coatTag = (serial) => `3034F487B4209C80${serial.toString(16).padStart(8, '0')}`;

let terminals = 0;

/** A terminal that no other test uses, so that no test finds another's order. */
export const newTerminal = () => `B${process.pid % 1000}${++terminals}`;

export async function openTill(page, { terminal = newTerminal(), query = '' } = {}) {
  await page.goto(`${storeUrl}/pos/?terminal=${terminal}${query}`);
  await expect(page.getByTestId('tiles').getByRole('button').first()).toBeVisible();
  return terminal;
}

/** The catalogue as the till sees it, sorted into what the tests need. */
export async function catalogue() {
  const { categories } = await ask(storeUrl, '/categories');
  const items = [];
  for (const { name } of categories) {
    const found = await ask(storeUrl, `/items?category=${encodeURIComponent(name)}&limit=200`);
    items.push(...found.items);
  }
  const plain = items.filter(({ unit, modifiers }) => unit === 'each' && modifiers.length === 0);
  return {
    items,
    shelf: plain.filter(({ gtin, station }) => gtin && !station),
    weighed: items.filter(({ unit }) => unit === 'kg'),
    cooked: items.filter(({ station }) => station),
    chosen: items.filter(({ modifiers }) => modifiers.some(({ options }) => options.length > 1)),
  };
}

/** Rings an item up by its name in the search field, from the keyboard. */
export async function ringUp(page, text) {
  await page.keyboard.press('F2');
  await page.getByRole('searchbox').fill(text);
  await page.keyboard.press('Enter');
}

/** The digits of an amount on the screen, whatever the locale puts around them. */
export const minor = async (locator) => Number((await locator.innerText()).replace(/\D/g, ''));

/** Sends one ticket to the item's station, as another till would; answers the order. */
export async function fireOrder(item, { kind = 'dine_in', table = '12', quantity = '1' } = {}) {
  const order = await ask(storeUrl, '/orders', { kind, terminal: newTerminal(), table });
  const modifiers = item.modifiers.flatMap(({ min, options }) =>
    options.slice(0, min).map(({ id }) => id),
  );
  await ask(storeUrl, `/orders/${order.id}/lines`, { sku: item.sku, quantity, modifiers });
  return ask(storeUrl, `/orders/${order.id}/fire`, {});
}
