import type { GateEvent } from '../api/shapes';
import { useWords, type Words } from '../words/words';
import { useDoor } from './door';

interface Side {
  reads?: number;
}

/** The last events, with what each was decided by. */
export function Lately() {
  const words = useWords();
  const events = useDoor((door) => door.events);
  return (
    <aside className="lately" aria-label={words.t('lately')}>
      <h2>{words.t('lately')}</h2>
      {events.length === 0 && <p>{words.t('nothing-lately')}</p>}
      <ol data-testid="events">
        {events.map((event) => (
          <li key={event.id} className={`lately__event lately__event--${event.kind}`}>
            <time dateTime={event.at}>{words.moment(event.at)}</time>
            <strong>{titleOf(event, words)}</strong>
            <span className="lately__why">{whyOf(event, words)}</span>
          </li>
        ))}
      </ol>
    </aside>
  );
}

function titleOf(event: GateEvent, { t }: Words): string {
  if (event.kind === 'alarm') return event.name ?? event.gtin ?? '';
  return t(`event-${event.kind.replace('_', '-')}`, { device: event.device });
}

function whyOf(event: GateEvent, { t }: Words): string {
  if (event.kind !== 'alarm') return event.gate;
  const sides = event.evidence as { inner?: Side; outer?: Side } | null | undefined;
  const reads = { inner: sides?.inner?.reads ?? 0, outer: sides?.outer?.reads ?? 0 };
  return t('evidence', { serial: event.serial ?? '', ...reads });
}
