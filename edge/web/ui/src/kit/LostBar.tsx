import { useEffect } from 'react';
import { useLine } from '../live/line';
import { useWords } from '../words/words';
import { Icon } from './Icon';
import { speak } from './notices';
import { formatAge, useNow } from './useNow';

/** Says that this screen no longer hears the server, and since when. */
export function LostBar({ message }: { message: string }) {
  const since = useLine(({ lostSince }) => lostSince);
  return since === null ? null : <Lost message={message} since={since} />;
}

function Lost({ message, since }: { message: string; since: number }) {
  const { t } = useWords();
  const now = useNow();
  // Spoken once; the running clock is for eyes only.
  useEffect(() => speak(t('line-lost-spoken'), 'assertive'), [t]);
  return (
    <div className="bar" data-testid="line-lost">
      <Icon name="warning" />
      <span>{t(message, { since: formatAge(now - since) })}</span>
    </div>
  );
}
