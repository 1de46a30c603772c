import { useNow } from '../kit/useNow';
import { useWords } from '../words/words';

const freshMs = 60_000;

/** Since when a figure holds. Old figures are never shown as if they were live. */
export function AsOf({ at }: { at: string | null | undefined }) {
  const { t, clock, moment } = useWords();
  const now = useNow(10_000);
  if (!at) return <span className="as-of">{t('as-of-never')}</span>;
  const age = now - Date.parse(at);
  const today = new Date(at).toDateString() === new Date(now).toDateString();
  const when = today ? clock(at) : moment(at);
  return (
    <time className="as-of" dateTime={at}>
      {age < freshMs ? t('as-of-now') : t('as-of', { when })}
    </time>
  );
}
