import { items } from './goods.mjs';
import { Problem, serve } from './http.mjs';
import { Feed } from './feed.mjs';
import { move, paper, printReceipt, runJob } from './receipt.mjs';
import {
  addLine,
  cancel,
  findCode,
  findOrder,
  findSale,
  fire,
  moveTicket,
  openOrder,
  pay,
  receiptOf,
  scan,
  setQuantity,
  shop,
} from './shop.mjs';

const since = new Date().toISOString();
const device = (id, kind, uri, station = null) => ({
  id,
  kind,
  uri,
  station,
  state: 'online',
  since,
  last_error: null,
  advice: null,
});
const devices = [
  device('scanner-1', 'scanner', 'evdev:///dev/input/by-id/scanner', 'T1'),
  device('receipt-1', 'receipt_printer', 'escpos+tcp://192.168.4.31:9100', 'T1'),
  device('gate-reader', 'rfid_reader', 'llrp://192.168.4.40:5084', 'gate1'),
  device('gate-lamp', 'output', 'llrp-gpo://gate-reader/1', 'gate1'),
  device('kitchen-1', 'kitchen_printer', 'escpos+tcp://192.168.4.32:9100', 'kitchen'),
];
const sync = {
  state: 'connected',
  behind_entries: 0,
  behind_since: null,
  last_success_at: since,
  acked_seq: 4000,
  last_seq: 4000,
  epoch: 1,
  message: null,
};

function find({ query }) {
  if (query.has('code')) return { items: [findCode(query.get('code'))] };
  const words = (query.get('q') ?? '').toLowerCase();
  const category = query.get('category');
  const found = items.filter(
    (item) => item.name.toLowerCase().includes(words) && (!category || item.category === category),
  );
  return { items: found.slice(0, Number(query.get('limit') ?? 60)) };
}

function findItem(sku) {
  const item = items.find((one) => one.sku === sku);
  if (!item) throw new Problem(404, 'unknown_item', 'This item does not exist.');
  return item;
}

export function changePrice(sku, price) {
  const item = findItem(sku);
  item.price = price;
  shop.feed.emit('catalogue', 'items_changed', { skus: [sku] });
  return item;
}

function findJob(id) {
  const job = shop.jobs.find((one) => one.id === id);
  if (!job) throw new Problem(404, 'unknown_print_job', 'This print job does not exist.');
  return job;
}

function retry({ id }) {
  const job = findJob(id);
  runJob(shop, job);
  return structuredClone(job);
}

function categories() {
  const counts = new Map();
  for (const { category } of items) counts.set(category, (counts.get(category) ?? 0) + 1);
  return { categories: [...counts].map(([name, count]) => ({ name, count })) };
}

function tickets({ query }) {
  const matching = shop.tickets.filter(
    (ticket) =>
      (!query.get('station') || ticket.station === query.get('station')) &&
      (!query.get('state') || ticket.state === query.get('state')),
  );
  return { tickets: matching, seq: shop.feed.seq };
}

function setDevice({ body }) {
  const found = devices.find((one) => one.id === body.id);
  Object.assign(found, body, { since: new Date().toISOString() });
  shop.feed.emit('devices', 'device_changed', { device: found });
  return found;
}

const gateEvents = [];

/** Something left, or the reader fell silent. */
function atGate({ body }) {
  const event = {
    id: `gate-${gateEvents.length + 1}`,
    seq: shop.feed.seq + 1,
    gate: 'gate1',
    kind: 'alarm',
    at: new Date().toISOString(),
    device: 'gate-reader',
    name: 'Winter coat',
    sku: 'COAT',
    serial: String(1000 + gateEvents.length),
    evidence: { inner: { reads: 12 }, outer: { reads: 9 } },
    ...body,
  };
  gateEvents.unshift(event);
  shop.feed.emit('gate', event.kind === 'alarm' ? 'gate_alarm' : 'gate_changed', { event });
  return event;
}

function setSync({ body }) {
  Object.assign(sync, body);
  shop.feed.emit('sync', 'sync_changed', sync);
  return sync;
}

function ageTicket({ body }) {
  const ticket = shop.tickets.find((one) => one.number === body.number);
  ticket.fired_at = new Date(Date.now() - body.seconds * 1000).toISOString();
  return ticket;
}

/** One whole sale at once, as a terminal's queue or a load test sends it. */
function sellAtOnce({ body: { terminal, lines, payments } }) {
  const order = openOrder({ kind: 'retail', terminal });
  for (const line of lines) addLine(order.id, line);
  const results = payments.map((payment) => pay(order.id, payment));
  const { sale } = results.at(-1);
  if (!sale) throw new Problem(422, 'underpaid', 'The payments do not cover the sale.');
  const { id, receipt_number, total, change, ledger_seq } = sale;
  return { id, receipt_number, total, change, ledger_seq };
}

const api = [
  [
    'GET',
    '/store',
    () => ({
      id: 'corner',
      name: 'Corner Shop',
      currency: 'EUR',
      locale: shop.locale ?? 'en-IE',
      timezone: 'Europe/Berlin',
      version: '0.1.0',
    }),
  ],
  ['GET', '/items', find],
  ['GET', '/items/:sku', ({ sku }) => findItem(sku)],
  ['POST', '/items/:sku/price', ({ sku, body }) => changePrice(sku, body.price)],
  ['GET', '/categories', categories],
  [
    'GET',
    '/terminals/:id',
    ({ id }) => ({ terminal: id, order: shop.orders.get(shop.terminals.get(id)) ?? null }),
  ],
  [
    'POST',
    '/terminals/:id/orders/:order',
    ({ id, order }) => {
      const found = findOrder(order);
      shop.terminals.set(id, found.id);
      return { terminal: id, order: found };
    },
  ],
  [
    'GET',
    '/orders',
    ({ query }) => ({
      orders: [...shop.orders.values()].filter(
        (order) => !query.get('state') || order.state === query.get('state'),
      ),
    }),
  ],
  ['POST', '/orders', ({ body }) => openOrder(body), 201],
  ['GET', '/orders/:id', ({ id }) => findOrder(id)],
  ['POST', '/orders/:id/lines', ({ id, body }) => addLine(id, body), 201],
  [
    'POST',
    '/orders/:id/lines/:line/quantity',
    ({ id, line, body }) => setQuantity(id, line, body.quantity),
  ],
  ['POST', '/orders/:id/fire', ({ id }) => fire(id)],
  ['POST', '/orders/:id/payments', ({ id, body }) => pay(id, body), 201],
  ['POST', '/orders/:id/cancel', ({ id }) => cancel(id)],
  [
    'GET',
    '/sales',
    ({ query }) => ({ sales: shop.sales.slice(0, Number(query.get('limit') ?? 20)) }),
  ],
  ['POST', '/sales', sellAtOnce, 201],
  ['GET', '/sales/:id', ({ id }) => findSale(id)],
  ['GET', '/sales/:id/receipt', ({ id }) => receiptOf(id)],
  ['POST', '/sales/:id/reprint', ({ id }) => printReceipt(shop, findSale(id)), 202],
  ['GET', '/print-jobs', () => ({ print_jobs: shop.jobs })],
  ['POST', '/print-jobs/:id/retry', retry],
  ['POST', '/print-jobs/:id/dismiss', ({ id }) => move(shop, findJob(id), 'dismissed')],
  ['GET', '/cards', () => ({ charges: [], exposed: [], exposure: { amount: 0, currency: 'EUR' } })],
  ['GET', '/devices', () => ({ devices })],
  ['POST', '/devices/:id/test', () => ({}), 202],
  ['GET', '/gate/events', () => ({ events: gateEvents, seq: shop.feed.seq })],
  ['GET', '/kitchen/tickets', tickets],
  ['POST', '/kitchen/tickets/:id/bump', ({ id }) => moveTicket(id, 'bumped')],
  ['POST', '/kitchen/tickets/:id/recall', ({ id }) => moveTicket(id, 'open')],
  ['GET', '/sync/status', () => sync],
  ['GET', '/conflicts', () => ({ conflicts: [] })],
];

// Things that happen to a real shop, at the push of a button; no screen knows these addresses.
const happenings = [
  ['POST', '/dev/scan', ({ body }) => scan(body.terminal ?? 'T1', body.code)],
  ['POST', '/dev/paper', ({ body }) => Object.assign(paper, body)],
  ['POST', '/dev/device', setDevice],
  ['POST', '/dev/gate', atGate],
  ['POST', '/dev/sync', setSync],
  ['POST', '/dev/ticket-age', ageTicket],
  ['POST', '/dev/feed-down', ({ body }) => shop.feed.goDown(body.seconds) ?? {}],
];

export function startStore(port, root) {
  const routes = [
    ...api.map(([method, path, ...rest]) => [method, `/api/v1${path}`, ...rest]),
    ...happenings,
  ];
  const server = serve({ routes, root });
  shop.feed = new Feed(server);
  server.listen(port, '127.0.0.1');
}
