import { beforeEach, expect, test } from 'vitest';
import type { CardCharge, Device, Order } from '../api/shapes';
import { cardTroubles, chargeOf, hasTerminal, noteCharge } from './card';
import { useTill } from './till';

const card = (id: string, state: string, order_id: string | null = 'o1') =>
  ({ id, state, order_id, terminal: 'T1' }) as CardCharge;
const terminal = (station: string | null) =>
  ({ id: 'c', kind: 'card_terminal', station, state: 'offline' }) as Device;
const order = { id: 'o1' } as Order;

beforeEach(() => useTill.setState({ terminal: 'T1', charges: [], devices: [] }));

test('a terminal of this till or of every till is asked, even while it is away', () => {
  const asked = (device: Device) => hasTerminal({ ...useTill.getState(), devices: [device] });
  expect([terminal('T1'), terminal(null), terminal('T2')].map(asked)).toEqual([true, true, false]);
  expect(hasTerminal(useTill.getState())).toBe(false);
});

test('an order waits for its charge until that has ended', () => {
  for (const state of ['created', 'collecting', 'confirming', 'unknown']) {
    noteCharge(card('a', state));
    expect(chargeOf(order)(useTill.getState())?.state).toBe(state);
  }
  noteCharge(card('a', 'declined'));
  expect(chargeOf(order)(useTill.getState())).toBeUndefined();
  noteCharge(card('b', 'collecting', 'o2'));
  expect(chargeOf(order)(useTill.getState())).toBeUndefined();
});

test('what only a person can settle is trouble, and nothing else', () => {
  for (const state of ['created', 'booked', 'declined', 'unknown', 'unbooked', 'owed']) {
    noteCharge(card(state, state, null));
  }
  const troubles = cardTroubles(useTill.getState()).map(({ state }) => state);
  expect(troubles.sort()).toEqual(['owed', 'unbooked', 'unknown']);
});
