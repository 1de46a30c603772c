import { useEffect, useRef, useState } from 'react';
import type { Order } from '../api/shapes';
import { getOpenOrders } from '../api/store';
import { Dialog } from '../kit/Dialog';
import { notify } from '../kit/notices';
import { formatAge, useNow } from '../kit/useNow';
import { apology } from '../words/apology';
import { useWords } from '../words/words';
import { recall } from './counter';
import { putAside } from './desk';
import { useTill, visibleLines } from './till';

/** The orders that wait, oldest first; a tap brings one back. */
export function OpenOrdersDialog() {
  const words = useWords();
  const { t } = words;
  const [orders, setOrders] = useState<Order[] | null>(null);
  useEffect(() => {
    let current = true;
    getOpenOrders().then(
      (found) => current && setOrders(found.filter((order) => visibleLines(order).length > 0)),
      (error: unknown) => notify(apology(error, words), 'danger'),
    );
    return () => {
      current = false;
    };
  }, [words]);
  return (
    <Dialog title={t('open-orders')} onClose={putAside}>
      {orders?.length === 0 && <p>{t('no-open-orders')}</p>}
      <ul className="waiting">
        {orders?.map((order, at) => (
          <li key={order.id}>
            <Waiting order={order} first={at === 0} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function Waiting({ order, first }: { order: Order; first: boolean }) {
  const words = useWords();
  const { t, money } = words;
  const now = useNow();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The list arrives after the dialog has opened, so the focus follows it.
    if (first) button.current?.focus();
  }, [first]);
  const shown = useTill((till) => till.order?.id === order.id);
  const choose = () => {
    putAside();
    recall(order.id).catch((error: unknown) => notify(apology(error, words), 'danger'));
  };
  const place = order.table
    ? t('table', { table: order.table })
    : t(`kind-${order.kind.replace('_', '-')}`);
  return (
    <button ref={button} type="button" className="waiting__order" onClick={choose}>
      <span className="waiting__number">{t('order-number', { number: order.number })}</span>
      <span className="badge">{place}</span>
      {shown && <span className="badge badge--good">{t('on-screen')}</span>}
      <span className="waiting__age">{formatAge(now - Date.parse(order.opened_at))}</span>
      <span className="waiting__total">{money(order.total)}</span>
      <span className="waiting__lines">
        {visibleLines(order)
          .map(({ name }) => name)
          .join(', ')}
      </span>
    </button>
  );
}
