import { create } from 'zustand';
import type { LineState } from './feed';

interface Line {
  /** Null until the first hello: a screen that is starting has lost nothing yet. */
  lostSince: number | null;
  everLive: boolean;
}

/** Whether this screen hears the appliance; every screen shows it. */
export const useLine = create<Line>(() => ({ lostSince: null, everLive: false }));

export function noteLine(state: LineState): void {
  if (state.line === 'live') useLine.setState({ lostSince: null, everLive: true });
  // Each failed try reports again; what a person wants to know is since when.
  else useLine.setState(({ lostSince }) => ({ lostSince: lostSince ?? state.since }));
}

/** A browser's WebSocket to the feed of the server that gave us this page. */
export function openLine(topics: string | null, after: number | null): WebSocket {
  const url = new URL('/api/v1/events', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  if (topics) url.searchParams.set('topics', topics);
  if (after !== null) url.searchParams.set('after', String(after));
  return new WebSocket(url);
}
