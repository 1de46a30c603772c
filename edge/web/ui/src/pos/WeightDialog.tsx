import { useState } from 'react';
import type { Item } from '../api/shapes';
import { Button } from '../kit/Button';
import { Dialog } from '../kit/Dialog';
import { FigureField } from '../kit/FigureField';
import { notify } from '../kit/notices';
import { apology } from '../words/apology';
import { formatDecimal, priceOf } from '../words/decimal';
import { useWords } from '../words/words';
import { ringUp } from './counter';
import { putAside } from './desk';

/** Asks what the scale shows, in grams. */
export function WeightDialog({ item }: { item: Item }) {
  const words = useWords();
  const [digits, setDigits] = useState('');
  const grams = Number(digits);
  const add = () => {
    putAside();
    ringUp(item, { quantity: formatDecimal(grams) }).catch((error: unknown) =>
      notify(apology(error, words), 'danger'),
    );
  };
  return (
    <Dialog title={item.name} size="narrow" onClose={putAside}>
      <WeightForm
        grams={grams}
        perKilo={item.price}
        digits={digits}
        onDigits={setDigits}
        onDone={add}
      />
    </Dialog>
  );
}

interface FormProps {
  grams: number;
  perKilo: Item['price'];
  digits: string;
  onDigits: (digits: string) => void;
  onDone: () => void;
}

export function WeightForm({ grams, perKilo, digits, onDigits, onDone }: FormProps) {
  const { t, money, quantity } = useWords();
  const price = { ...perKilo, amount: priceOf(perKilo.amount, grams) };
  return (
    <form
      className="figure-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (grams > 0) onDone();
      }}
    >
      <p className="figure-form__note">{t('price-per-kilo', { price: money(perKilo) })}</p>
      <FigureField
        label={t('weight-in-grams')}
        digits={digits}
        digitsMax={5}
        shown={quantity(formatDecimal(grams), 'kg')}
        onChange={onDigits}
      />
      <Button type="submit" look="accent" size="large" disabled={grams === 0}>
        {t('add-for', { price: money(price) })}
      </Button>
    </form>
  );
}
