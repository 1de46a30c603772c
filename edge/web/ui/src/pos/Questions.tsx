import { CancelDialog } from './CancelDialog';
import { putAside, useDesk } from './desk';
import { ModifierDialog } from './ModifierDialog';
import { OpenOrdersDialog } from './OpenOrdersDialog';
import { PayDialog } from './PayDialog';
import { QuantityDialog } from './QuantityDialog';
import { StatusDialog } from './StatusDialog';
import { TableDialog } from './TableDialog';
import { WeightDialog } from './WeightDialog';
import { useTill } from './till';

/** Whatever the till is asking the cashier. */
export function Questions() {
  const question = useDesk((desk) => desk.question);
  const order = useTill((till) => till.order);
  switch (question?.about) {
    case 'payment':
      // Paid elsewhere, or by the answer that we waited for: there is nothing left to ask.
      return order ? (
        <PayDialog key={question.method} order={order} method={question.method} />
      ) : (
        <Done />
      );
    case 'modifiers':
      return <ModifierDialog item={question.item} />;
    case 'weight':
      return <WeightDialog item={question.item} />;
    case 'quantity':
      return <QuantityDialog line={question.line} />;
    case 'table':
      return <TableDialog />;
    case 'orders':
      return <OpenOrdersDialog />;
    case 'status':
      return <StatusDialog />;
    case 'cancel':
      return order ? <CancelDialog order={order} /> : <Done />;
    default:
      return null;
  }
}

function Done() {
  queueMicrotask(putAside);
  return null;
}
