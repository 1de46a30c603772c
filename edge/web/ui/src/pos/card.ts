import { Intentions } from '../api/intention';
import type { CardCharge, Money, Order } from '../api/shapes';
import * as store from '../api/store';
import { replace, useTill, type Till } from './till';

const intentions = new Intentions();

/** Charges that go on by themselves; the rest has ended, or waits for a person. */
const underWay = ['created', 'collecting', 'confirming', 'unknown'];
const forPeople = ['unknown', 'unbooked', 'owed'];

/** Whether this till has a terminal that is asked for the card's money. */
export const hasTerminal = ({ devices, terminal }: Till): boolean =>
  devices.some(
    ({ kind, station }) => kind === 'card_terminal' && (!station || station === terminal),
  );

/** The charge that this order waits for, if any. */
export const chargeOf =
  (order: Order) =>
  ({ charges }: Till): CardCharge | undefined =>
    charges.find((card) => card.order_id === order.id && underWay.includes(card.state));

/** Cards and refunds that somebody has to settle, wherever they were asked for. */
export const cardTroubles = ({ charges }: Pick<Till, 'charges'>): CardCharge[] =>
  charges.filter(({ state }) => forPeople.includes(state));

export function noteCharge(card: CardCharge): void {
  useTill.setState(({ charges }) => ({ charges: replace(charges, card) }));
}

async function carryOut(name: string, send: (key: string) => Promise<CardCharge>): Promise<void> {
  const card = await intentions.carryOut(name, send);
  // The feed is in order and may have said more meanwhile: only what is new to it is put in.
  const known = useTill.getState().charges.some(({ id }) => id === card.id);
  if (!known) noteCharge(card);
}

/**
 * Asks the terminal. What was paid and tried already is part of the name: a second tap joins the
 * first, a card that is tried again after a refusal does not.
 */
export function chargeCard(order: Order, amount: Money): Promise<void> {
  const tried = useTill.getState().charges.filter(({ order_id: of }) => of === order.id).length;
  const name = `card ${order.id} ${order.paid.amount} ${amount.amount} ${tried}`;
  return carryOut(name, (key) => store.chargeCard(key, order.id, amount));
}

export const giveUp = ({ id }: CardCharge) =>
  carryOut(`give up ${id}`, (key) => store.giveUpCard(key, id));

export const askAgain = ({ id }: CardCharge) =>
  carryOut(`again ${id}`, (key) => store.askCardAgain(key, id));

export const giveCash = ({ id }: CardCharge) =>
  carryOut(`give ${id}`, (key) => store.giveCardRefund(key, id, 'cash'));

/** A person says what became of it; with an approval's number it was charged. */
export const settle = ({ id }: CardCharge, reason: string, approval?: string) =>
  carryOut(`settle ${id} ${approval ?? ''}`, (key) =>
    store.resolveCard(key, id, approval ? { reason, approval } : { reason }),
  );
