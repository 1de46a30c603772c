import type { QueryClient } from '@tanstack/react-query';
import { Feed } from '../live/feed';
import type { HeadquartersFrame } from '../live/frames';
import { noteLine, openLine } from '../live/line';

/** What to fetch again when headquarters pokes about a topic. */
const concerned: Record<string, string[]> = {
  stores: ['stores'],
  sales: ['sales', 'stores'],
  conflicts: ['conflicts', 'catalogue'],
  catalogue: ['catalogue', 'conflicts'],
};

/** Pokes come in bursts when a store catches up; one fetch answers a whole burst. */
const gatherMs = 250;

export function listen(queries: QueryClient): () => void {
  const stale = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    for (const key of stale) void queries.invalidateQueries({ queryKey: [key] });
    stale.clear();
  };
  const feed = new Feed<HeadquartersFrame>({
    open: (after) => openLine(null, after),
    onFrame: ({ topic }) => {
      for (const key of concerned[topic] ?? []) stale.add(key);
      timer ??= setTimeout(flush, gatherMs);
    },
    refetch: async () => {
      await queries.invalidateQueries();
    },
    onLine: noteLine,
  });
  feed.start();
  return () => {
    clearTimeout(timer);
    feed.stop();
  };
}
