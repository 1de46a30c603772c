import { create } from 'zustand';
import type { Ticket } from '../api/shapes';

/** How long a bump can be taken back with one touch. */
export const undoMs = 10_000;
/** Bumped tickets that can be called back; older ones are the till's business. */
const recentMax = 20;
/** How long a new ticket draws the eye. */
const freshMs = 4_000;

/** The pass: what this station still has to make, and what it lately made. */
export interface Pass {
  station: string;
  open: readonly Ticket[];
  recent: readonly Ticket[];
  /** Tickets that have just come in while somebody could have been looking away. */
  fresh: ReadonlySet<string>;
  undo: { ticket: Ticket; until: number } | null;
  loaded: boolean;
}

export const usePass = create<Pass>(() => ({
  station: new URLSearchParams(location.search).get('station') ?? 'kitchen',
  open: [],
  recent: [],
  fresh: new Set(),
  undo: null,
  loaded: false,
}));

export const byAge = (a: Ticket, b: Ticket) =>
  a.fired_at < b.fired_at ? -1 : a.fired_at > b.fired_at ? 1 : a.number - b.number;

const byBump = (a: Ticket, b: Ticket) => ((a.bumped_at ?? '') < (b.bumped_at ?? '') ? 1 : -1);

/** Puts a ticket where its state says. The same ticket twice is one ticket. */
export function place(ticket: Ticket): void {
  usePass.setState((pass) => {
    if (ticket.station !== pass.station) return {};
    const others = pass.open.filter(({ id }) => id !== ticket.id);
    const older = pass.recent.filter(({ id }) => id !== ticket.id);
    if (ticket.state === 'open') return { open: [...others, ticket].sort(byAge), recent: older };
    return { open: others, recent: [ticket, ...older].sort(byBump).slice(0, recentMax) };
  });
}

export function placeAll(open: readonly Ticket[], bumped: readonly Ticket[]): void {
  usePass.setState({
    open: [...open].sort(byAge),
    recent: [...bumped].sort(byBump).slice(0, recentMax),
    loaded: true,
  });
}

export function drawEye(id: string): void {
  usePass.setState(({ fresh }) => ({ fresh: new Set([...fresh, id]) }));
  setTimeout(() => {
    usePass.setState(({ fresh }) => ({ fresh: new Set([...fresh].filter((one) => one !== id)) }));
  }, freshMs);
}

export function offerUndo(ticket: Ticket): void {
  usePass.setState({ undo: { ticket, until: Date.now() + undoMs } });
  setTimeout(() => {
    const same = usePass.getState().undo?.ticket === ticket;
    if (same) usePass.setState({ undo: null });
  }, undoMs);
}

export interface Portion {
  name: string;
  quantity: number;
}

/** How much of each thing all open tickets ask for together. Quantities are thousandths. */
export function allDay(tickets: readonly Ticket[], parse: (text: string) => number): Portion[] {
  const portions = new Map<string, number>();
  for (const { name, quantity } of tickets.flatMap(({ lines }) => lines)) {
    portions.set(name, (portions.get(name) ?? 0) + parse(quantity));
  }
  return [...portions]
    .map(([name, quantity]) => ({ name, quantity }))
    .sort((a, b) => b.quantity - a.quantity || a.name.localeCompare(b.name));
}
