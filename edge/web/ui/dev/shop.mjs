import { randomUUID } from 'node:crypto';
import { items, money } from './goods.mjs';
import { Problem } from './http.mjs';
import { printReceipt, receiptText } from './receipt.mjs';

const now = () => new Date().toISOString();

/** The fake store's memory. It forgets everything at restart; the real one never does. */
export const shop = {
  orders: new Map(),
  terminals: new Map(),
  sales: [],
  tickets: [],
  jobs: [],
  orderNumber: 100,
  ticketNumber: 0,
  receiptNumber: 0,
  feed: null,
  tellHeadquarters: () => {},
};

const grams = (text) => Math.round(Number(text) * 1000);
const lineMinor = (line) => {
  const each = line.unit_price.amount + line.modifiers.reduce((sum, m) => sum + m.price.amount, 0);
  return Math.round((each * grams(line.quantity)) / 1000);
};

function reckon(order) {
  const live = order.lines.filter((line) => !line.voided);
  const gross = new Map();
  for (const line of live) {
    line.total = money(lineMinor(line));
    const rate = items.find((item) => item.sku === line.sku).tax_rate;
    gross.set(rate, (gross.get(rate) ?? 0) + line.total.amount);
  }
  order.taxes = [...gross].map(([rate, sum]) => {
    const tax = Math.round((sum * Number(rate)) / (100 + Number(rate)));
    return { rate, net: money(sum - tax), tax: money(tax) };
  });
  const total = live.reduce((sum, line) => sum + line.total.amount, 0);
  order.total = money(total);
  order.net = money(total - order.taxes.reduce((sum, tax) => sum + tax.tax.amount, 0));
  order.due = money(total - order.paid.amount);
  shop.feed.emit('orders', 'order_changed', { order: structuredClone(order) });
  return structuredClone(order);
}

export function openOrder({ kind, terminal, table = null }) {
  const order = {
    id: randomUUID(),
    number: ++shop.orderNumber,
    kind,
    terminal,
    table,
    state: 'open',
    lines: [],
    net: money(0),
    taxes: [],
    total: money(0),
    paid: money(0),
    due: money(0),
    opened_at: now(),
    sale_id: null,
  };
  shop.orders.set(order.id, order);
  shop.terminals.set(terminal, order.id);
  return reckon(order);
}

export function findOrder(id) {
  const order = shop.orders.get(id);
  if (!order) throw new Problem(404, 'unknown_order', 'This order does not exist.');
  return order;
}

function openOnly(id) {
  const order = findOrder(id);
  if (order.state !== 'open' && order.state !== 'placed') {
    throw new Problem(409, 'order_closed', `Order ${order.number} is already finished.`);
  }
  return order;
}

export function findCode(code) {
  const item = items.find(({ gtin, sku }) => gtin === code || sku === code);
  if (item) return item;
  const digits = /^\d{13}$/.test(code) ? [...code].map(Number) : null;
  const sum = digits?.reduce((total, digit, at) => total + digit * (at % 2 ? 3 : 1), 0);
  if (digits && sum % 10 !== 0) {
    throw new Problem(422, 'invalid_check_digit', `${code} is misread: scan it once more.`);
  }
  throw new Problem(404, 'unknown_code', `No item has the code ${code}. Search for it by name.`);
}

export function addLine(id, { code, sku, quantity = '1', modifiers = [], note = null }) {
  const order = openOnly(id);
  const item = findCode(sku ?? code);
  const options = item.modifiers.flatMap((group) => group.options);
  const chosen = modifiers.map((wanted) => options.find((option) => option.id === wanted));
  const same = order.lines.find(
    (line) =>
      line.sku === item.sku &&
      !line.voided &&
      !line.fired &&
      item.unit === 'each' &&
      line.note === note &&
      line.modifiers.map((m) => m.id).join() === modifiers.join(),
  );
  if (same) same.quantity = String(Number(same.quantity) + Number(quantity));
  else {
    order.lines.push({
      id: randomUUID(),
      sku: item.sku,
      name: item.name,
      quantity,
      unit: item.unit,
      unit_price: item.price,
      modifiers: chosen,
      total: money(0),
      fired: false,
      voided: false,
      note,
    });
  }
  return reckon(order);
}

export function setQuantity(id, lineId, quantity) {
  const order = openOnly(id);
  const line = order.lines.find((one) => one.id === lineId);
  if (!line) throw new Problem(404, 'unknown_line', 'This line is no longer on the order.');
  if (quantity === '0') line.voided = true;
  else line.quantity = quantity;
  return reckon(order);
}

export function fire(id) {
  const order = findOrder(id);
  const fresh = order.lines.filter((line) => !line.fired && !line.voided);
  for (const station of new Set(fresh.map(stationOf))) {
    const lines = fresh.filter((line) => stationOf(line) === station);
    if (station) makeTicket(order, station, lines);
  }
  for (const line of fresh) line.fired = true;
  return reckon(order);
}

const stationOf = (line) => items.find((item) => item.sku === line.sku).station;

function makeTicket(order, station, lines) {
  const ticket = {
    id: randomUUID(),
    number: ++shop.ticketNumber,
    order_id: order.id,
    order_number: order.number,
    kind: order.kind,
    table: order.table,
    station,
    state: 'open',
    fired_at: now(),
    bumped_at: null,
    lines: lines.map((line) => ({
      line_id: line.id,
      name: line.name,
      quantity: line.quantity,
      note: line.note,
      modifiers: line.modifiers.map((modifier) => modifier.name),
    })),
  };
  shop.tickets.push(ticket);
  shop.feed.emit('kitchen', 'ticket_fired', { ticket: structuredClone(ticket) });
}

export function moveTicket(id, state) {
  const ticket = shop.tickets.find((one) => one.id === id);
  if (!ticket) throw new Problem(404, 'unknown_ticket', 'This ticket does not exist.');
  ticket.state = state;
  ticket.bumped_at = state === 'bumped' ? now() : null;
  const type = state === 'bumped' ? 'ticket_bumped' : 'ticket_recalled';
  shop.feed.emit('kitchen', type, { ticket: structuredClone(ticket) });
  return structuredClone(ticket);
}

export function pay(id, { method, tendered, amount }) {
  const order = openOnly(id);
  const given = (tendered ?? amount).amount;
  if (order.total.amount === 0) throw new Problem(409, 'empty_order', 'There is nothing to pay.');
  if (method === 'card' && given > order.due.amount) {
    throw new Problem(422, 'overpaid', 'A card cannot pay more than is due.');
  }
  const taken = Math.min(given, order.due.amount);
  order.payments = [
    ...(order.payments ?? []),
    { method, amount: money(taken), tendered: money(given) },
  ];
  order.paid = money(order.paid.amount + taken);
  const change = money(given - taken);
  const sale = order.paid.amount === order.total.amount ? close(order, change) : null;
  const after = reckon(order);
  if (sale) shop.feed.emit('orders', 'sale_completed', { sale, order_id: order.id });
  return { order: after, due: after.due, change, sale };
}

function close(order, change) {
  fire(order.id);
  const sale = {
    id: randomUUID(),
    terminal: order.terminal,
    total: order.total,
    change,
    taxes: order.taxes,
    receipt_number: `${order.terminal}-${String(++shop.receiptNumber).padStart(6, '0')}`,
    lines: order.lines.filter((line) => !line.voided),
    payments: order.payments,
    at: now(),
    ledger_seq: 4000 + shop.receiptNumber,
  };
  shop.sales.unshift(sale);
  order.state = 'closed';
  order.sale_id = sale.id;
  if (shop.terminals.get(order.terminal) === order.id) shop.terminals.delete(order.terminal);
  printReceipt(shop, sale);
  shop.tellHeadquarters(sale);
  return sale;
}

export function cancel(id) {
  const order = openOnly(id);
  order.state = 'cancelled';
  if (shop.terminals.get(order.terminal) === order.id) shop.terminals.delete(order.terminal);
  return reckon(order);
}

/** What the real appliance does when a scanner at this terminal reads a code. */
export function scan(terminal, input) {
  try {
    const item = findCode(input);
    const current = shop.orders.get(shop.terminals.get(terminal));
    const order = current ?? openOrder({ kind: 'retail', terminal });
    const after = addLine(order.id, { sku: item.sku });
    const line = after.lines.findLast((one) => one.sku === item.sku);
    shop.feed.emit('scans', 'scan_rung_up', {
      terminal,
      order_id: order.id,
      line_id: line.id,
      name: line.name,
      quantity: line.quantity,
      total: after.total,
    });
    return after;
  } catch (error) {
    const { code, message: detail } = error;
    shop.feed.emit('scans', 'scan_refused', { terminal, input, code, detail });
    return { refused: code };
  }
}

export const receiptOf = (id) => ({ text: receiptText(findSale(id)) });

export function findSale(id) {
  const sale = shop.sales.find((one) => one.id === id);
  if (!sale) throw new Problem(404, 'unknown_sale', 'This sale does not exist.');
  return sale;
}
