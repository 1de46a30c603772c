import { Button } from '../kit/Button';
import { Dialog } from '../kit/Dialog';
import { formatAge, useNow } from '../kit/useNow';
import { useWords } from '../words/words';
import { usePass } from './pass';
import { callBack } from './work';

/** What was made lately; a touch brings it back to the pass. */
export function RecentDialog({ onClose }: { onClose: () => void }) {
  const words = useWords();
  const { t } = words;
  const recent = usePass((pass) => pass.recent);
  const now = useNow();
  return (
    <Dialog title={t('recent')} onClose={onClose}>
      {recent.length === 0 && <p>{t('nothing-recent')}</p>}
      <ul className="recent">
        {recent.map((ticket, at) => (
          <li key={ticket.id} className="recent__ticket">
            <div>
              <strong>
                {t('ticket-number', { number: ticket.number })}
                {' · '}
                {ticket.table
                  ? t('table', { table: ticket.table })
                  : t('order', { number: ticket.order_number })}
              </strong>
              <p className="recent__lines">
                {ticket.lines.map((line) => `${line.quantity} ${line.name}`).join(', ')}
              </p>
              <p className="recent__age">
                {t('done-ago', { age: formatAge(now - Date.parse(ticket.bumped_at ?? '')) })}
              </p>
            </div>
            <Button
              size="large"
              {...(at === 0 && { 'data-first-focus': true })}
              onClick={() => void callBack(ticket, words)}
            >
              {t('recall')}
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
