import { Button } from '../kit/Button';
import { Icon } from '../kit/Icon';
import { formatAge, useNow } from '../kit/useNow';
import { useLine } from '../live/line';
import { useWords } from '../words/words';
import { usePass } from './pass';
import { toggleSound, useSound } from './useSound';

export function Header({ onRecent }: { onRecent: () => void }) {
  const { t } = useWords();
  const station = usePass((pass) => pass.station);
  const count = usePass((pass) => pass.open.length);
  const sound = useSound(({ on }) => on);
  return (
    <header className="pass__head">
      <strong className="pass__station">{station}</strong>
      <span className="pass__count">{t('ticket-count', { count })}</span>
      <Connection />
      <span className="pass__space" />
      <Clock />
      <Button look="bare" aria-pressed={sound} onClick={toggleSound}>
        <Icon name={sound ? 'sound' : 'mute'} />
        {t(sound ? 'sound-on' : 'sound-off')}
      </Button>
      <Button onClick={onRecent}>
        <Icon name="undo" />
        {t('recent')} <kbd className="key-hint">{'0'}</kbd>
      </Button>
    </header>
  );
}

function Connection() {
  const { t } = useWords();
  const since = useLine(({ lostSince }) => lostSince);
  const live = useLine(({ everLive }) => everLive);
  const now = useNow();
  if (since !== null) {
    return (
      <span className="connection connection--lost" data-testid="line-lost" role="alert">
        <Icon name="warning" />
        {t('disconnected-since')}
        <span aria-hidden="true">{formatAge(now - since)}</span>
      </span>
    );
  }
  return (
    <span className="connection" data-testid="line-live">
      <span className={`dot dot--${live ? 'good' : 'idle'}`} />
      {t(live ? 'connected' : 'connecting')}
    </span>
  );
}

function Clock() {
  const { clock } = useWords();
  return <span className="pass__clock">{clock(new Date(useNow()).toISOString())}</span>;
}
