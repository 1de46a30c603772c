import type { Ticket } from '../api/shapes';
import { Icon } from '../kit/Icon';
import { formatAge } from '../kit/useNow';
import { useWords, type Words } from '../words/words';
import { bandOf } from './age';
import { usePass } from './pass';
import { bump } from './work';

/** Tickets that a digit key can bump. */
const keysMax = 9;

interface Props {
  ticket: Ticket;
  /** Its place from the left, counted from one: the key that bumps it. */
  place: number;
  now: number;
}

/** One ticket. All of it is a button: wet hands do not aim. */
export function TicketCard({ ticket, place, now }: Props) {
  const words = useWords();
  const { t } = words;
  const fresh = usePass((pass) => pass.fresh.has(ticket.id));
  const age = now - Date.parse(ticket.fired_at);
  const band = bandOf(age);
  const classes = ['ticket', `ticket--${band}`, fresh && 'ticket--fresh'];
  return (
    <li className={classes.filter(Boolean).join(' ')} data-testid={`ticket-${ticket.number}`}>
      <div className="ticket__head">
        <span className="ticket__where">{where(ticket, words)}</span>
        <span className="ticket__age">
          {band !== 'new' && <Icon name={band === 'late' ? 'warning' : 'clock'} />}
          {formatAge(age)}
          {band !== 'new' && <span className="unseen">{t(`band-${band}`)}</span>}
        </span>
        <span className="ticket__number">{t('ticket-number', { number: ticket.number })}</span>
        <span className="ticket__kind">{kindOf(ticket, words)}</span>
      </div>
      <ul className="ticket__lines">
        {ticket.lines.map((line) => (
          <li key={line.line_id} className="portion">
            <span className="portion__quantity">{words.quantity(line.quantity, 'each')}</span>
            <span className="portion__name">{line.name}</span>
            {line.modifiers.length > 0 && (
              <span className="portion__modifiers">{line.modifiers.join(', ')}</span>
            )}
            {line.note && <span className="portion__note">{line.note}</span>}
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="ticket__bump"
        aria-label={t('bump', { number: ticket.number })}
        onClick={() => void bump(ticket, words)}
      >
        <Icon name="check" />
        {t('done')}
        {place <= keysMax && <kbd className="ticket__key">{place}</kbd>}
      </button>
    </li>
  );
}

/** What the cook calls out: the table, or else the order's number. */
function where(ticket: Ticket, { t }: Words): string {
  if (ticket.table) return t('table', { table: ticket.table });
  return t('order', { number: ticket.order_number });
}

function kindOf(ticket: Ticket, { t }: Words): string {
  const kind = t(`kind-${ticket.kind.replace('_', '-')}`);
  return ticket.table ? t('order', { number: ticket.order_number }) : kind;
}
