import { beforeEach, describe, expect, it } from 'vitest';
import type { Line, Order, Sale } from '../api/shapes';
import { completeSale, replace, showOrder, useTill, visibleLines } from './till';

const eur = (amount: number) => ({ amount, currency: 'EUR' });

function line(id: string, quantity = '1', fields: Partial<Line> = {}): Line {
  const sum = eur(100 * Number(quantity));
  const item = { sku: id, name: id, unit: 'each' as const, unit_price: eur(100) };
  return {
    id,
    quantity,
    ...item,
    modifiers: [],
    adjustments: [],
    discounts: [],
    serials: [],
    total: sum,
    fired: false,
    voided: false,
    ...fields,
  };
}

function order(id: string, lines: Line[], state: Order['state'] = 'open'): Order {
  const total = eur(lines.reduce((sum, { total: { amount } }) => sum + amount, 0));
  const at = '2026-11-21T09:00:00Z';
  const sums = { net: total, taxes: [], total, paid: eur(0), due: total };
  const head = { id, number: 1, kind: 'retail' as const, terminal: 'T1', opened_at: at };
  return { ...head, state, lines, ...sums, coupons: [], discounts: [] };
}

beforeEach(() =>
  useTill.setState({ order: null, completed: null, lineAtHand: null, finished: new Set() }),
);

describe('the till', () => {
  it('keeps the rows of lines that did not change', () => {
    showOrder(order('a', [line('milk'), line('rice')]));
    const [milk] = useTill.getState().order!.lines;
    showOrder(order('a', [line('milk'), line('rice', '2')]));
    const after = useTill.getState();
    expect(after.order!.lines[0]).toBe(milk);
    expect(after.lineAtHand).toBe('rice');
  });

  it('does not bring a finished sale back when an old frame comes late', () => {
    showOrder(order('a', [line('milk')]));
    completeSale('a', { id: 's' } as Sale, eur(50));
    showOrder(order('a', [line('milk')]));
    expect(useTill.getState().order).toBeNull();
    expect(useTill.getState().completed?.change).toEqual(eur(50));
  });

  it('starts a new sale over the change that is still shown', () => {
    completeSale('a', { id: 's' } as Sale, eur(50));
    showOrder(order('b', [line('milk')]));
    expect(useTill.getState().completed).toBeNull();
    expect(useTill.getState().order?.id).toBe('b');
  });

  it('clears the screen when an order is cancelled elsewhere', () => {
    showOrder(order('a', [line('milk')]));
    showOrder(order('a', [line('milk')], 'cancelled'));
    expect(useTill.getState().order).toBeNull();
  });

  it('still shows a line that was taken off after the kitchen had it', () => {
    const lines = [
      line('tea', '1', { voided: true }),
      line('soup', '1', { voided: true, fired: true }),
    ];
    expect(visibleLines(order('a', lines)).map(({ id }) => id)).toEqual(['soup']);
  });

  it('replaces a record by its id', () => {
    expect(replace([{ id: 'a', n: 1 }], { id: 'a', n: 2 })).toEqual([{ id: 'a', n: 2 }]);
    expect(replace([{ id: 'a', n: 1 }], { id: 'b', n: 2 })).toHaveLength(2);
  });
});
