import { useState, type ReactNode } from 'react';
import type { Money, Order } from '../api/shapes';
import type { Tender } from '../api/store';
import { Button } from '../kit/Button';
import { Dialog } from '../kit/Dialog';
import { FigureField } from '../kit/FigureField';
import { Icon } from '../kit/Icon';
import { notify } from '../kit/notices';
import { apology } from '../words/apology';
import { cashSuggestions } from '../words/money';
import { useWords } from '../words/words';
import { CardPayment } from './CardPayment';
import { hasTerminal } from './card';
import { isUnknown, lookAgain, pay } from './counter';
import { ask, putAside } from './desk';
import { useTill } from './till';

interface Props {
  order: Order;
  method: 'cash' | 'card';
}

/** Takes a payment, whole or in part. The figure may stay empty: then it is all that is due. */
export function PayDialog({ order, method }: Props) {
  const words = useWords();
  const { t, money } = words;
  const [digits, setDigits] = useState('');
  const payment = usePayment(order, () => setDigits(''));
  const due = order.due;
  const amount = digits ? { amount: Number(digits), currency: due.currency } : due;
  const tooMuch = method === 'card' && amount.amount > due.amount;
  const take = (given: Money) => payment.take(tender(method, given));
  const terminal = useTill(hasTerminal) && method === 'card';
  return (
    <Dialog title={t(`pay-title-${method}`)} size="wide" onClose={putAside}>
      <form
        className="pay"
        onSubmit={(event) => {
          event.preventDefault();
          // At a terminal, Enter must not book what no card has paid.
          if (!tooMuch && !terminal) take(amount);
        }}
      >
        <div className="pay__side">
          <p className="pay__due">
            <span>{t(order.paid.amount > 0 ? 'still-due' : 'total')}</span>
            <strong data-testid="pay-due">{money(due)}</strong>
          </p>
          <Methods method={method} />
          {payment.unknown ? (
            <Unanswered onRetry={payment.retry} />
          ) : (
            <Suggestions
              method={method}
              terminal={terminal}
              due={due}
              busy={payment.busy}
              onTake={take}
            />
          )}
        </div>
        <div className="pay__figure">
          <FigureField
            label={t(method === 'cash' ? 'given' : 'card-amount')}
            digits={digits}
            shown={money(amount)}
            onChange={setDigits}
          />
          {terminal && payment.unknown === null ? (
            <CardPayment
              order={order}
              amount={amount}
              tooMuch={tooMuch}
              onElsewhere={() => take(amount)}
            />
          ) : (
            <Button
              type="submit"
              look="accent"
              size="large"
              disabled={payment.busy || payment.unknown !== null || tooMuch || amount.amount === 0}
            >
              {tooMuch ? t('card-too-much') : takeLabel(words, method, amount, due)}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

const tender = (method: 'cash' | 'card', given: Money): Tender =>
  method === 'cash' ? { method, tendered: given } : { method, amount: given };

function takeLabel(
  { t, money }: ReturnType<typeof useWords>,
  method: string,
  given: Money,
  due: Money,
) {
  const change = given.amount - due.amount;
  if (change > 0) {
    return t('take-with-change', { change: money({ ...due, amount: change }) });
  }
  if (change < 0) return t('take-part', { amount: money(given) });
  return t(method === 'cash' ? 'take-exact' : 'take-card', { amount: money(given) });
}

/** One payment at a time; after a lost answer only the very same payment may be tried again. */
function usePayment(order: Order, onPart: () => void) {
  const words = useWords();
  const [busy, setBusy] = useState(false);
  const [unknown, setUnknown] = useState<{ tender: Tender; order: Order } | null>(null);
  const send = async (at: Order, tendered: Tender) => {
    setBusy(true);
    try {
      const taken = await pay(at, tendered);
      setUnknown(null);
      if (taken.sale) putAside();
      else onPart();
    } catch (error) {
      notify(apology(error, words), 'danger');
      if (isUnknown(error)) setUnknown({ tender: tendered, order: at });
      else void lookAgain(at.id).catch(() => undefined);
    } finally {
      setBusy(false);
    }
  };
  return {
    busy,
    unknown,
    take: (tendered: Tender) => void send(order, tendered),
    retry: () => unknown && void send(unknown.order, unknown.tender),
  };
}

function Unanswered({ onRetry }: { onRetry: () => void }) {
  const { t } = useWords();
  return (
    <div className="trouble">
      <Icon name="warning" />
      <p className="trouble__text">{t('payment-unknown')}</p>
      <div className="trouble__keys">
        <Button look="accent" onClick={onRetry}>
          {t('try-again')}
        </Button>
      </div>
    </div>
  );
}

interface SuggestionsProps {
  method: 'cash' | 'card';
  terminal: boolean;
  due: Money;
  busy: boolean;
  onTake: (given: Money) => void;
}

function Suggestions({ method, terminal, due, busy, onTake }: SuggestionsProps): ReactNode {
  const { t, money } = useWords();
  if (method === 'card') {
    return <p className="pay__hint">{t(terminal ? 'card-hint-terminal' : 'card-hint')}</p>;
  }
  return (
    <div className="pay__notes" role="group" aria-label={t('suggestions')}>
      {cashSuggestions(due).map((given) => (
        <Button key={given.amount} size="large" disabled={busy} onClick={() => onTake(given)}>
          {given.amount === due.amount ? t('exact', { amount: money(given) }) : money(given)}
        </Button>
      ))}
    </div>
  );
}

function Methods({ method }: { method: 'cash' | 'card' }) {
  const { t } = useWords();
  return (
    <div className="kinds" role="group" aria-label={t('method')}>
      {(['cash', 'card'] as const).map((one) => (
        <button
          key={one}
          type="button"
          className="kind"
          aria-pressed={one === method}
          onClick={() => ask({ about: 'payment', method: one })}
        >
          <Icon name={one} />
          {t(`pay-${one}`)}
        </button>
      ))}
    </div>
  );
}
