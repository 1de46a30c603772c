import { Intentions } from '../api/intention';
import type { Ticket } from '../api/shapes';
import * as store from '../api/store';
import { notify } from '../kit/notices';
import { beep } from '../kit/sound';
import { Feed } from '../live/feed';
import type { StoreFrame } from '../live/frames';
import { noteLine, openLine } from '../live/line';
import { apology } from '../words/apology';
import type { Words } from '../words/words';
import { drawEye, offerUndo, place, placeAll, usePass } from './pass';
import { sound } from './sound';

const intentions = new Intentions();

/** A ticket is made. It leaves the screen at once and comes back if that could not be written. */
export async function bump(ticket: Ticket, words: Words): Promise<void> {
  place({ ...ticket, state: 'bumped', bumped_at: new Date().toISOString() });
  offerUndo(ticket);
  try {
    place(
      await intentions.carryOut(`bump ${ticket.id}`, (key) => store.bumpTicket(key, ticket.id)),
    );
  } catch (error) {
    place(ticket);
    notify(apology(error, words), 'danger');
  }
}

export async function callBack(ticket: Ticket, words: Words): Promise<void> {
  usePass.setState({ undo: null });
  try {
    place(
      await intentions.carryOut(`recall ${ticket.id}`, (key) => store.recallTicket(key, ticket.id)),
    );
  } catch (error) {
    notify(apology(error, words), 'danger');
  }
}

/** Connects the pass to the live feed; returns what disconnects it. */
export function listen(): () => void {
  const feed = new Feed<StoreFrame>({
    open: (after) => openLine('kitchen', after),
    onFrame: hear,
    refetch: fetchTickets,
    onLine: noteLine,
  });
  feed.start();
  return () => feed.stop();
}

async function fetchTickets(): Promise<number> {
  const { station } = usePass.getState();
  const bumped = await store.getTickets(station, 'bumped');
  const open = await store.getTickets(station, 'open');
  placeAll(open.tickets, bumped.tickets);
  // Frames between the two answers are applied again, which changes nothing twice.
  return Math.min(open.seq, bumped.seq);
}

function hear(frame: StoreFrame): void {
  switch (frame.type) {
    case 'ticket_fired':
    case 'ticket_bumped':
    case 'ticket_recalled': {
      const { ticket } = frame.data;
      place(ticket);
      if (frame.type !== 'ticket_fired' || ticket.station !== usePass.getState().station) return;
      drawEye(ticket.id);
      if (sound.use.getState().on) beep('arrived');
      return;
    }
    default:
    // Other topics are other rooms' business.
  }
}
