import type { Order } from '../api/shapes';
import { Button } from '../kit/Button';
import { Dialog } from '../kit/Dialog';
import { notify } from '../kit/notices';
import { apology } from '../words/apology';
import { useWords } from '../words/words';
import { cancelOrder } from './counter';
import { putAside } from './desk';

/** Written into the ledger, so it says why and not "cancelled". */
const reasons = ['customer_left', 'rung_up_wrongly', 'training'] as const;

export function CancelDialog({ order }: { order: Order }) {
  const words = useWords();
  const { t } = words;
  const cancel = (reason: string) => {
    putAside();
    cancelOrder(order, reason).catch((error: unknown) => notify(apology(error, words), 'danger'));
  };
  return (
    <Dialog title={t('cancel-title', { number: order.number })} size="narrow" onClose={putAside}>
      <div className="stack">
        <p>{t('cancel-why')}</p>
        {reasons.map((reason) => (
          <Button key={reason} look="danger" size="large" onClick={() => cancel(reason)}>
            {t(`reason-${reason.replaceAll('_', '-')}`)}
          </Button>
        ))}
        <Button size="large" data-first-focus onClick={putAside}>
          {t('keep-sale')}
        </Button>
      </div>
    </Dialog>
  );
}
