import type { Order, OrderKind } from '../api/shapes';
import { Button } from '../kit/Button';
import { Icon, type IconName } from '../kit/Icon';
import { notify } from '../kit/notices';
import { apology } from '../words/apology';
import { useWords, type Words } from '../words/words';
import { startOrder } from './counter';
import { ask } from './desk';

const kinds: [Exclude<OrderKind, 'delivery'>, IconName][] = [
  ['retail', 'basket'],
  ['takeaway', 'bag'],
  ['dine_in', 'table'],
];

/** Chooses what kind of order comes next. A kind is fixed once there is something on the order. */
export function KindChoice({ order }: { order: Order | null }) {
  const words = useWords();
  const { t } = words;
  const chosen = order?.kind ?? 'retail';
  return (
    <div className="kinds" role="group" aria-label={t('order-kind')}>
      {kinds.map(([kind, icon]) => (
        <button
          key={kind}
          type="button"
          className="kind"
          aria-pressed={kind === chosen}
          onClick={() => begin(kind, chosen, words)}
        >
          <Icon name={icon} />
          {kind === 'dine_in' && order?.table
            ? t('table', { table: order.table })
            : t(`kind-${kind.replace('_', '-')}`)}
        </button>
      ))}
    </div>
  );
}

function begin(kind: OrderKind, chosen: OrderKind, words: Words): void {
  if (kind === 'dine_in') ask({ about: 'table' });
  else if (kind !== chosen) start(kind, words);
}

function start(kind: OrderKind, words: Words): void {
  startOrder(kind).catch((error: unknown) => notify(apology(error, words), 'danger'));
}

/** The kind of an order that is under way, and the key that makes room for another. */
export function KindOf({ order }: { order: Order }) {
  const words = useWords();
  const { t } = words;
  const kind = t(`kind-${order.kind.replace('_', '-')}`);
  return (
    <>
      <span className="badge">{order.table ? t('table', { table: order.table }) : kind}</span>
      <Button className="kinds__hold" onClick={() => start('retail', words)}>
        {t('hold-order')}
      </Button>
    </>
  );
}
