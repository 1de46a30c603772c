import { Intentions, newKey } from '../api/intention';
import { Refusal } from '../api/refusal';
import type { Item, Line, Order, OrderKind, PaymentTaken } from '../api/shapes';
import * as store from '../api/store';
import { useLine } from '../live/line';
import { formatDecimal, parseDecimal, type Thousandths } from '../words/decimal';
import { completeSale, isOpen, replace, showOrder, useTill } from './till';

const intentions = new Intentions();

/** Frames heard for each order: tells an answer that was overtaken from one that is news. */
const framesHeard = new Map<string, number>();

export function noteFrame(orderId: string): void {
  framesHeard.set(orderId, (framesHeard.get(orderId) ?? 0) + 1);
}

/**
 * Shows an answer, unless the feed spoke of this order meanwhile: then the feed, which is in
 * order, has newer news or is about to.
 */
async function showAnswer(orderId: string, sent: Promise<Order>): Promise<Order> {
  const heard = framesHeard.get(orderId);
  const order = await sent;
  const overtaken = framesHeard.get(orderId) !== heard;
  if (!overtaken || useLine.getState().lostSince !== null) showOrder(order);
  return order;
}

// Taps are carried out one after the other: lines stay in the order of the taps, and the first
// tap opens the one order that the second needs.
let last: Promise<unknown> = Promise.resolve();

function inTurn<T>(deed: () => Promise<T>): Promise<T> {
  const next = last.then(deed, deed);
  last = next.catch(() => undefined);
  return next;
}

async function orderAtHand(): Promise<string> {
  const { order, terminal } = useTill.getState();
  if (order && isOpen(order)) return order.id;
  return (await openOrder('retail', terminal)).id;
}

async function openOrder(kind: OrderKind, terminal: string, table?: string): Promise<Order> {
  const order = await intentions.carryOut(`open ${kind} ${table ?? ''}`, (key) =>
    store.openOrder(key, terminal, kind, table),
  );
  // A scan may already have put a line on it, and then the feed has shown the newer order.
  if (useTill.getState().order?.id !== order.id) showOrder(order);
  return order;
}

/** Opens an order of this kind; the one at hand stays open and can be recalled. */
export function startOrder(kind: OrderKind, table?: string): Promise<Order> {
  return inTurn(() => openOrder(kind, useTill.getState().terminal, table));
}

/** Rings up an item that was tapped. Each tap is an intention of its own: two taps, two pieces. */
export function ringUp(item: Item, details: Omit<store.Ringing, 'sku' | 'code'> = {}) {
  const id = newKey();
  const tap = { id, sku: item.sku, name: item.name };
  useTill.setState(({ pending }) => ({ pending: [...pending, tap], completed: null }));
  return inTurn(() => sendLine(id, { sku: item.sku, ...details })).finally(() => {
    useTill.setState(({ pending }) => ({ pending: pending.filter((one) => one.id !== id) }));
  });
}

/** Rings up a code that was typed by hand. */
export function ringUpCode(code: string): Promise<Order> {
  return inTurn(() => sendLine(newKey(), { code }));
}

async function sendLine(intention: string, line: store.Ringing): Promise<Order> {
  const order = await orderAtHand();
  const sent = intentions.carryOut(`line ${intention}`, (key) => store.addLine(key, order, line));
  return showAnswer(order, sent);
}

/**
 * Adds to a line's quantity or takes from it. What it is then is looked up when its turn comes:
 * two taps in a row are two steps, not the same one twice.
 */
export function stepQuantity(lineId: string, by: Thousandths): Promise<unknown> {
  return inTurn(async () => {
    const line = useTill.getState().order?.lines.find(({ id }) => id === lineId);
    if (!line || line.voided) return;
    const next = parseDecimal(line.quantity) + by;
    await setQuantity(line, formatDecimal(Math.max(0, next)));
  });
}

/** Sets a line's quantity; "0" takes it off the order. */
export function changeQuantity(line: Line, quantity: string): Promise<unknown> {
  return inTurn(() => setQuantity(line, quantity));
}

async function setQuantity(line: Line, quantity: string): Promise<void> {
  const { order } = useTill.getState();
  if (!order) return;
  const name = `quantity ${order.id} ${line.id} ${quantity}`;
  const sent = intentions.carryOut(name, (key) =>
    store.setQuantity(key, order.id, line.id, quantity),
  );
  await showAnswer(order.id, sent);
}

export function sendToKitchen(order: Order): Promise<Order> {
  const fresh = order.lines.filter((line) => !line.fired).map((line) => line.id);
  const sent = intentions.carryOut(`fire ${order.id} ${fresh.join()}`, (key) =>
    store.fireOrder(key, order.id),
  );
  return showAnswer(order.id, sent);
}

/**
 * Takes money. What is already paid is part of the name: a second tap joins the first, a second
 * part payment of the same amount does not.
 */
export async function pay(order: Order, tender: store.Tender): Promise<PaymentTaken> {
  const name = `pay ${order.id} ${order.paid.amount} ${JSON.stringify(tender)}`;
  const taken = await intentions.carryOut(name, (key) => store.takePayment(key, order.id, tender));
  if (taken.sale) completeSale(order.id, taken.sale, taken.change);
  else showOrder(taken.order);
  return taken;
}

export async function cancelOrder(order: Order, reason: string): Promise<void> {
  const cancelled = await intentions.carryOut(`cancel ${order.id}`, (key) =>
    store.cancelOrder(key, order.id, reason),
  );
  showOrder(cancelled);
}

/** Brings an open order back to this till; scans go to it from now on. */
export async function recall(orderId: string): Promise<void> {
  const { terminal } = useTill.getState();
  const attended = await intentions.carryOut(`attend ${orderId}`, (key) =>
    store.attendOrder(key, terminal, orderId),
  );
  if (attended.order) showOrder(attended.order);
}

/** Looks an order up again, after nobody knows what became of a deed. */
export async function lookAgain(orderId: string): Promise<void> {
  showOrder(await store.getOrder(orderId));
}

export async function printAgain(jobId: string): Promise<void> {
  const job = await intentions.carryOut(`retry ${jobId}`, (key) => store.retryPrint(key, jobId));
  useTill.setState(({ jobs }) => ({ jobs: replace(jobs, job) }));
}

export async function letPrintGo(jobId: string): Promise<void> {
  const job = await intentions.carryOut(`dismiss ${jobId}`, (key) =>
    store.dismissPrint(key, jobId),
  );
  useTill.setState(({ jobs }) => ({ jobs: replace(jobs, job) }));
}

export async function testDevice(id: string): Promise<void> {
  await intentions.carryOut(`test ${id}`, (key) => store.testDevice(key, id));
}

/** True when nobody knows whether the deed was done. */
export const isUnknown = (error: unknown) =>
  error instanceof Refusal && error.outcome === 'unknown';
