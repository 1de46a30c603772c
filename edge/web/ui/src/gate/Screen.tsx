import { useEffect } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { Button } from '../kit/Button';
import { Notices } from '../kit/notices';
import { WallHead } from '../kit/WallHead';
import { useWords } from '../words/words';
import { lamps, useDoor, waiting } from './door';
import { Lately } from './Lately';
import { Now } from './Now';
import { sound, tryLamps, watch } from './watch';

/** The door: what leaves without having been paid for, and whether the gate sees at all. */
export function Screen() {
  const words = useWords();
  const { t } = words;
  const gate = useDoor((door) => door.gate);
  const count = useDoor((door) => waiting(door).length);
  const found = useDoor(useShallow(lamps));
  useEffect(() => watch(words), [words]);
  return (
    <div className="wall">
      <WallHead name={gate ?? t('gate')} count={t('alarm-count', { count })} sound={sound}>
        {found.length > 0 && <Button onClick={() => void tryLamps(words)}>{t('try-lamp')}</Button>}
      </WallHead>
      <main className="door">
        <h1 className="unseen">{t('gate-title')}</h1>
        <Now />
        <Lately />
      </main>
      <Notices level={0} />
    </div>
  );
}
