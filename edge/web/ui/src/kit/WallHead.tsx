import type { ReactNode } from 'react';
import { useLine } from '../live/line';
import { useWords } from '../words/words';
import { Button } from './Button';
import { Icon } from './Icon';
import type { SoundSwitch } from './soundSwitch';
import { formatAge, useNow } from './useNow';

interface Props {
  name: string;
  count: string;
  sound: SoundSwitch;
  children: ReactNode;
}

/** The head of a screen that hangs on a wall: where it is, whether it hears, what time it is. */
export function WallHead({ name, count, sound, children }: Props) {
  const { t } = useWords();
  const on = sound.use((state) => state.on);
  return (
    <header className="wall__head">
      <strong className="wall__name">{name}</strong>
      <span className="wall__count">{count}</span>
      <Connection />
      <span className="wall__space" />
      <Clock />
      <Button look="bare" aria-pressed={on} onClick={sound.toggle}>
        <Icon name={on ? 'sound' : 'mute'} />
        {t(on ? 'sound-on' : 'sound-off')}
      </Button>
      {children}
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
  return <span className="wall__clock">{clock(new Date(useNow()).toISOString())}</span>;
}
