import { useEffect } from 'react';
import type { Order } from '../api/shapes';
import { Button } from '../kit/Button';
import { Icon } from '../kit/Icon';
import { notify } from '../kit/notices';
import { apology } from '../words/apology';
import { useWords } from '../words/words';
import { sendToKitchen } from './counter';
import { ask } from './desk';
import { learnStations, useStations } from './goods';
import { KindChoice, KindOf } from './KindChoice';
import { OrderLines } from './OrderLines';
import { visibleLines, useTill } from './till';
import { Totals } from './Totals';
import { askForPayment } from './useKeys';

export function OrderPanel() {
  const { t } = useWords();
  const order = useTill((till) => till.order);
  const kitchenWork = useKitchenWork(order);
  const payable = order !== null && order.due.amount > 0;
  return (
    <section className="order" aria-label={t('order')}>
      <OrderHead order={order} />
      <OrderLines />
      {order && <Totals order={order} />}
      <div className="order__keys">
        {order && kitchenWork && <KitchenButton order={order} />}
        <div className="order__pay">
          <Button size="large" disabled={!payable} onClick={() => askForPayment('card')}>
            <Icon name="card" />
            {t('pay-card')} <kbd className="key-hint">{'F8'}</kbd>
          </Button>
          <Button
            look="accent"
            size="large"
            disabled={!payable}
            onClick={() => askForPayment('cash')}
          >
            <Icon name="cash" />
            {t('pay-cash')} <kbd className="key-hint">{'F9'}</kbd>
          </Button>
        </div>
      </div>
    </section>
  );
}

function OrderHead({ order }: { order: Order | null }) {
  const { t } = useWords();
  const title = order ? t('order-number', { number: order.number }) : t('new-sale');
  const busy = order !== null && visibleLines(order).length > 0;
  return (
    <header className="order__head">
      <div className="order__title">
        <h2>{title}</h2>
        {busy && <KindOf order={order} />}
        {busy && (
          <Button look="bare" size="square" aria-label={t('cancel-sale')} onClick={cancel}>
            <Icon name="trash" />
          </Button>
        )}
      </div>
      {!busy && <KindChoice order={order} />}
    </header>
  );
}

const cancel = () => ask({ about: 'cancel' });

/** Whether something on the order is still to be made. */
function useKitchenWork(order: Order | null): boolean {
  const stations = useStations();
  const fresh = order?.lines.filter((line) => !line.fired && !line.voided) ?? [];
  const skus = fresh.map(({ sku }) => sku).join(' ');
  useEffect(() => {
    if (skus) void learnStations(skus.split(' '));
  }, [skus]);
  return fresh.some(({ sku }) => stations[sku]);
}

function KitchenButton({ order }: { order: Order }) {
  const words = useWords();
  const send = () =>
    sendToKitchen(order).then(
      () => notify(words.t('kitchen-sent')),
      (error: unknown) => notify(apology(error, words), 'danger'),
    );
  return (
    <Button look="soft" className="order__fire" onClick={() => void send()}>
      <Icon name="flame" />
      {words.t('send-to-kitchen')}
    </Button>
  );
}
