import { memo } from 'react';
import type { Order } from '../api/shapes';
import { useWords } from '../words/words';

export const Totals = memo(function Totals({ order }: { order: Order }) {
  const { t, money } = useWords();
  return (
    <div className="totals">
      <ul className="totals__taxes">
        {order.taxes.map(({ rate, tax }) => (
          <li key={rate}>{t('tax', { rate, tax: money(tax) })}</li>
        ))}
      </ul>
      {order.paid.amount > 0 && (
        <div className="totals__row">
          <span>{t('paid-so-far')}</span>
          <span>{money(order.paid)}</span>
        </div>
      )}
      <div className="totals__total">
        <span>{t(order.paid.amount > 0 ? 'still-due' : 'total')}</span>
        <strong data-testid="total">{money(order.due)}</strong>
      </div>
    </div>
  );
});
