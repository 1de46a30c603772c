/** Units by their length in seconds, the longest first. */
const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** A length of time in its largest whole unit, as the locale says it. */
export function formatDuration(locale: string, ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [unit, length] = units.find(([, size]) => seconds >= size) ?? ['second', 1];
  const formatter = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' });
  return formatter.format(Math.floor(seconds / length));
}
