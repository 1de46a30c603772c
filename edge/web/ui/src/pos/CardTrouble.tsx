import { useState } from 'react';
import type { CardCharge } from '../api/shapes';
import { Button } from '../kit/Button';
import { Icon } from '../kit/Icon';
import { notify } from '../kit/notices';
import { apology } from '../words/apology';
import { useWords } from '../words/words';
import { askAgain, giveCash, settle } from './card';

/** A card or a refund that only a person can settle. */
export function CardTrouble({ card }: { card: CardCharge }) {
  const words = useWords();
  const { t, money } = words;
  const [approval, setApproval] = useState('');
  const act = (deed: () => Promise<void>) => () =>
    void deed().catch((error: unknown) => notify(apology(error, words), 'danger'));
  const amount = money({ ...card.amount, amount: Math.abs(card.amount.amount) });
  return (
    <div className="trouble" role="group" aria-label={t('card-trouble')}>
      <Icon name="warning" />
      <p className="trouble__text">
        <strong>{t(`card-${card.state}`, { amount, till: card.terminal })}</strong> {card.reason}{' '}
        {t(`card-${card.state}-advice`)}
      </p>
      <div className="trouble__keys">
        {card.state === 'owed' && (
          <>
            <Button onClick={act(() => askAgain(card))}>{t('card-ask-again')}</Button>
            <Button onClick={act(() => giveCash(card))}>{t('card-give-cash', { amount })}</Button>
          </>
        )}
        {card.state === 'unbooked' && (
          <Button onClick={act(() => settle(card, t('card-given-back-reason')))}>
            {t('card-given-back')}
          </Button>
        )}
        {card.state === 'unknown' && (
          <>
            <label className="trouble__field">
              {t('card-approval')}
              <input
                value={approval}
                maxLength={20}
                autoComplete="off"
                onChange={(event) => setApproval(event.target.value.trim())}
              />
            </label>
            <Button
              disabled={approval === ''}
              onClick={act(() => settle(card, t('card-charged-reason'), approval))}
            >
              {t('card-charged')}
            </Button>
            <Button onClick={act(() => settle(card, t('card-not-charged-reason')))}>
              {t('card-not-charged')}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}
