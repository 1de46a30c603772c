import { useShallow } from 'zustand/react/shallow';
import type { GateEvent } from '../api/shapes';
import { Button } from '../kit/Button';
import { Icon } from '../kit/Icon';
import { formatAge, useNow } from '../kit/useNow';
import { useLine } from '../live/line';
import { useWords } from '../words/words';
import { readers, seeTo, useDoor, waiting } from './door';

/** What the person at the door has to know now; the worst first. */
export function Now() {
  const alarms = useDoor(useShallow(waiting));
  const [latest] = alarms;
  return latest ? <Alarm latest={latest} more={alarms.length - 1} /> : <Quiet />;
}

function Alarm({ latest, more }: { latest: GateEvent; more: number }) {
  const { t, clock } = useWords();
  const age = useNow() - Date.parse(latest.at);
  return (
    <section className="now now--alarm" data-testid="alarm" aria-label={t('not-paid')}>
      <p className="now__word">
        <Icon name="warning" />
        {t('not-paid')}
      </p>
      <p className="now__name">{latest.name ?? latest.gtin}</p>
      <p className="now__line">{t('piece', { serial: latest.serial ?? '', gate: latest.gate })}</p>
      <p className="now__line">
        {clock(latest.at)} <span aria-hidden="true">{`(${formatAge(age)})`}</span>
      </p>
      {more > 0 && <p className="now__line">{t('more-alarms', { count: more })}</p>}
      <Button look="plain" size="large" onClick={seeTo}>
        <Icon name="check" />
        {t('seen-to')}
      </Button>
    </section>
  );
}

/** Nothing unpaid left, as far as this gate sees: a blind gate must never look like a quiet one. */
function Quiet() {
  const { t } = useWords();
  const lost = useLine(({ lostSince }) => lostSince !== null);
  const loaded = useDoor((door) => door.loaded);
  const found = useDoor(useShallow(readers));
  const blind = found.filter(({ state }) => state !== 'online');
  if (lost) return <Trouble word="nothing-known" line={t('lamp-still-works')} />;
  if (!loaded) return <section className="now">{t('loading')}</section>;
  if (found.length === 0) return <Trouble word="no-reader" line={t('no-reader-advice')} />;
  const [first] = blind;
  if (first) return <Trouble word="blind" line={first.advice ?? first.last_error ?? first.id} />;
  return (
    <section className="now" data-testid="quiet">
      <p className="now__word">
        <Icon name="check" />
        {t('quiet')}
      </p>
    </section>
  );
}

function Trouble({ word, line }: { word: string; line: string }) {
  const { t } = useWords();
  return (
    <section className="now now--blind" data-testid="blind" role="alert">
      <p className="now__word">
        <Icon name="warning" />
        {t(word)}
      </p>
      <p className="now__line">{line}</p>
    </section>
  );
}
