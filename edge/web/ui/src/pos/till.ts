import { create } from 'zustand';
import type {
  CardCharge,
  Device,
  Line,
  Money,
  Order,
  PrintJob,
  Sale,
  StoreInfo,
  SyncStatus,
} from '../api/shapes';

/** A tap that the appliance has not answered yet. */
export interface Pending {
  id: string;
  sku: string;
  name: string;
}

/** A sale that is done and still on the screen: the change has to be counted out. */
export interface Completed {
  sale: Sale;
  change: Money;
}

/**
 * What this till shows. The order is the appliance's: nothing here is the only copy of anything,
 * and a reload brings all of it back.
 */
export interface Till {
  terminal: string;
  store: StoreInfo | null;
  order: Order | null;
  pending: readonly Pending[];
  completed: Completed | null;
  /** The line rung up or touched last: it stands out, and its keys are shown. */
  lineAtHand: string | null;
  jobs: readonly PrintJob[];
  devices: readonly Device[];
  /** Card charges and refunds that go on or wait for a person, and those that lately ended. */
  charges: readonly CardCharge[];
  sync: SyncStatus | null;
  /** Orders that are finished, so that a late frame cannot bring one back. */
  finished: ReadonlySet<string>;
}

export const useTill = create<Till>(() => ({
  terminal: new URLSearchParams(location.search).get('terminal') ?? 'T1',
  store: null,
  order: null,
  pending: [],
  completed: null,
  lineAtHand: null,
  jobs: [],
  devices: [],
  charges: [],
  sync: null,
  finished: new Set(),
}));

export const isOpen = (order: Order) => order.state === 'open' || order.state === 'placed';

/** Lines as the cashier sees them: what was taken back stays visible only if the kitchen has it. */
export const visibleLines = (order: Order) =>
  order.lines.filter((line) => !line.voided || line.fired);

/** Puts an order on the screen, keeping each line that did not change so that its row is not drawn. */
export function showOrder(order: Order | null): void {
  useTill.setState((till) => {
    if (!order) return { order: null, lineAtHand: null };
    if (till.finished.has(order.id)) return {};
    if (!isOpen(order)) return { ...finish(till, order.id), order: null, lineAtHand: null };
    const lines = keepUnchanged(till.order?.lines ?? [], order.lines);
    const changed = newest(till, order);
    const lineAtHand = changed?.id ?? till.lineAtHand;
    const pending = withoutFirst(till.pending, changed?.sku);
    return { order: { ...order, lines }, completed: null, lineAtHand, pending };
  });
}

export function completeSale(orderId: string, sale: Sale, change: Money): void {
  useTill.setState((till) => ({
    ...finish(till, orderId),
    order: null,
    lineAtHand: null,
    completed: { sale, change },
  }));
}

function finish(till: Till, orderId: string): Pick<Till, 'finished'> {
  return { finished: new Set([...till.finished, orderId].slice(-50)) };
}

/** The feed often shows a line before its tap is answered: then the tap waits no more. */
function withoutFirst(pending: readonly Pending[], sku: string | undefined): readonly Pending[] {
  const at = pending.findIndex((tap) => tap.sku === sku);
  return at < 0 ? pending : pending.toSpliced(at, 1);
}

function newest(till: Till, order: Order): Line | undefined {
  const shown = till.order?.id === order.id ? till.order.lines : [];
  const before = new Map(shown.map((line) => [line.id, line.quantity]));
  return order.lines.findLast((line) => before.get(line.id) !== line.quantity && !line.voided);
}

function keepUnchanged(before: readonly Line[], after: readonly Line[]): Line[] {
  const known = new Map(before.map((line) => [line.id, line]));
  return after.map((line) => {
    const old = known.get(line.id);
    return old && same(old, line) ? old : line;
  });
}

function same(a: Line, b: Line): boolean {
  return (
    a.quantity === b.quantity &&
    a.total.amount === b.total.amount &&
    a.unit_price.amount === b.unit_price.amount &&
    a.voided === b.voided &&
    a.fired === b.fired &&
    a.name === b.name &&
    a.note === b.note &&
    a.modifiers.length === b.modifiers.length
  );
}

/** Replaces the record with the same id, or puts a new one first. */
export function replace<T extends { id: string }>(list: readonly T[], record: T): T[] {
  const known = list.some(({ id }) => id === record.id);
  if (!known) return [record, ...list];
  return list.map((old) => (old.id === record.id ? record : old));
}
