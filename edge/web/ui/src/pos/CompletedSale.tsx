import { useEffect, useState } from 'react';
import { getReceipt, reprint } from '../api/store';
import { Button } from '../kit/Button';
import { Icon } from '../kit/Icon';
import { speak } from '../kit/notices';
import { useWords } from '../words/words';
import { PrintTrouble } from './PrintTrouble';
import { useTill, type Completed } from './till';
import { Intentions } from '../api/intention';

const intentions = new Intentions();

/** The end of a sale: the change, large enough to count by. The next scan or tap replaces it. */
export function CompletedSale({ completed: { sale, change } }: { completed: Completed }) {
  const { t, money } = useWords();
  const job = useTill(({ jobs }) => jobs.find((one) => one.sale_id === sale.id));
  const spoken = t('change-spoken', { change: money(change), number: sale.receipt_number });
  useEffect(() => speak(spoken), [spoken]);
  const done = () => useTill.setState({ completed: null });
  return (
    <section className="order completed" aria-label={t('sale-completed')}>
      <header className="completed__head">
        <span className="completed__mark">
          <Icon name="check" />
        </span>
        <div>
          <h2>{t('sale-completed')}</h2>
          <p>{t('receipt-number', { number: sale.receipt_number, total: money(sale.total) })}</p>
        </div>
      </header>
      <div className="completed__change">
        <span>{t('change-due')}</span>
        <strong data-testid="change" data-long={money(change).length > 8}>
          {money(change)}
        </strong>
      </div>
      {job && <PrintTrouble job={job} />}
      <Receipt sale={sale.id} />
      <div className="order__keys">
        <div className="order__pay">
          <Button
            size="large"
            onClick={() =>
              void intentions.carryOut(`copy ${sale.id}`, (key) => reprint(key, sale.id))
            }
          >
            <Icon name="printer" />
            {t('print-copy')}
          </Button>
          <Button look="accent" size="large" onClick={done}>
            {t('next-sale')}
          </Button>
        </div>
      </div>
    </section>
  );
}

function Receipt({ sale }: { sale: string }) {
  const { t } = useWords();
  const [text, setText] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    getReceipt(sale).then(
      (receipt) => current && setText(receipt),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [sale]);
  return (
    // A receipt may be longer than the panel, and whoever has no pointer must scroll it too.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="receipt" tabIndex={0} aria-label={t('receipt')}>
      <pre data-testid="receipt">{text ?? t('loading')}</pre>
    </section>
  );
}
