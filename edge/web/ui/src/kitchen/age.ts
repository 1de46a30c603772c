const minuteMs = 60_000;
const asked = new URLSearchParams(location.search);

/** Minutes after which a ticket is slow and late; `?slow=` and `?late=` fit them to the station. */
const slowMs = Number(asked.get('slow') ?? 5) * minuteMs;
const lateMs = Number(asked.get('late') ?? 8) * minuteMs;

export type Band = 'new' | 'slow' | 'late';

export function bandOf(ageMs: number): Band {
  if (ageMs >= lateMs) return 'late';
  return ageMs >= slowMs ? 'slow' : 'new';
}
