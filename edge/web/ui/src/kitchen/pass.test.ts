import { beforeEach, describe, expect, it } from 'vitest';
import type { Ticket } from '../api/shapes';
import { parseDecimal } from '../words/decimal';
import { bandOf } from './age';
import { allDay, place, placeAll, usePass } from './pass';

function ticket(id: string, minute: number, fields: Partial<Ticket> = {}): Ticket {
  const lines = [{ line_id: id, name: 'Soup', quantity: '2', modifiers: [] }];
  const fired_at = `2026-11-21T09:${String(minute).padStart(2, '0')}:00Z`;
  const order = { order_id: id, order_number: minute, kind: 'dine_in' as const };
  return {
    id,
    number: minute,
    ...order,
    station: 'kitchen',
    state: 'open',
    fired_at,
    lines,
    ...fields,
  };
}

const open = () => usePass.getState().open.map(({ id }) => id);

beforeEach(() => placeAll([], []));

describe('the pass', () => {
  it('stands oldest first, however tickets arrive, and holds each once', () => {
    for (const one of [ticket('c', 3), ticket('a', 1), ticket('b', 2), ticket('a', 1)]) place(one);
    expect(open()).toEqual(['a', 'b', 'c']);
  });

  it('moves a bumped ticket to the recent ones and a recalled one back to its age', () => {
    placeAll([ticket('a', 1), ticket('b', 2)], []);
    place(ticket('a', 1, { state: 'bumped', bumped_at: '2026-11-21T09:05:00Z' }));
    expect(open()).toEqual(['b']);
    expect(usePass.getState().recent.map(({ id }) => id)).toEqual(['a']);
    place(ticket('a', 1));
    expect(open()).toEqual(['a', 'b']);
    expect(usePass.getState().recent).toEqual([]);
  });

  it('leaves other stations’ tickets alone', () => {
    place(ticket('x', 1, { station: 'bar' }));
    expect(open()).toEqual([]);
  });

  it('adds up what all tickets ask for', () => {
    const portions = allDay([ticket('a', 1), ticket('b', 2)], parseDecimal);
    expect(portions).toEqual([{ name: 'Soup', quantity: 4000 }]);
  });

  it('calls a ticket slow after 5 minutes and late after 8', () => {
    const minutes = [0, 4.99, 5, 7.99, 8].map((age) => bandOf(age * 60_000));
    expect(minutes).toEqual(['new', 'new', 'slow', 'slow', 'late']);
  });
});
