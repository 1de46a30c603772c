import { useState } from 'react';
import type { CardCharge, Money, Order } from '../api/shapes';
import { Button } from '../kit/Button';
import { notify } from '../kit/notices';
import { apology } from '../words/apology';
import { useWords } from '../words/words';
import { chargeCard, chargeOf, giveUp } from './card';
import { useTill } from './till';

interface Props {
  order: Order;
  amount: Money;
  tooMuch: boolean;
  /** Only books it: the card was taken elsewhere. */
  onElsewhere: () => void;
}

/** Takes the card's money through the terminal, which may be told to give up. */
export function CardPayment({ order, amount, tooMuch, onElsewhere }: Props) {
  const words = useWords();
  const { t, money } = words;
  const [busy, setBusy] = useState(false);
  const charge = useTill(chargeOf(order));
  if (charge) return <UnderWay charge={charge} />;
  const take = async () => {
    setBusy(true);
    try {
      await chargeCard(order, amount);
    } catch (error) {
      notify(apology(error, words), 'danger');
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button
        look="accent"
        size="large"
        disabled={busy || tooMuch || amount.amount === 0}
        onClick={() => void take()}
      >
        {tooMuch ? t('card-too-much') : t('charge-card', { amount: money(amount) })}
      </Button>
      <Button look="bare" disabled={busy || tooMuch || amount.amount === 0} onClick={onElsewhere}>
        {t('card-elsewhere')}
      </Button>
    </>
  );
}

function UnderWay({ charge }: { charge: CardCharge }) {
  const words = useWords();
  const { t, money } = words;
  const early = charge.state === 'created' || charge.state === 'collecting';
  const stop = () =>
    giveUp(charge).catch((error: unknown) => notify(apology(error, words), 'danger'));
  return (
    <div className="charge" role="status" data-testid="charge">
      <strong>{t(`charge-${charge.state}`, { amount: money(charge.amount) })}</strong>
      {charge.state === 'unknown' && <p>{t('charge-unknown-advice')}</p>}
      {early && (
        <Button size="large" onClick={() => void stop()}>
          {t('charge-give-up')}
        </Button>
      )}
    </div>
  );
}
