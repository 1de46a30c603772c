/** Waits between reconnects, in milliseconds: short at first, for a restart is the common case. */
const shortestMs = 200;
const longestMs = 5000;

/**
 * Doubling waits with jitter, so that twenty screens do not knock at a restarting appliance in
 * the same moment. `chance` is in 0..1.
 */
export function backoffMs(attempt: number, chance: number): number {
  const ceiling = Math.min(longestMs, shortestMs * 2 ** Math.min(attempt, 10));
  return Math.max(shortestMs, Math.round(ceiling * (0.5 + chance / 2)));
}
