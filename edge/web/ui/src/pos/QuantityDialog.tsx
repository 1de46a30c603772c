import { useState } from 'react';
import type { Line } from '../api/shapes';
import { Button } from '../kit/Button';
import { Dialog } from '../kit/Dialog';
import { FigureField } from '../kit/FigureField';
import { notify } from '../kit/notices';
import { apology } from '../words/apology';
import { formatDecimal } from '../words/decimal';
import { useWords } from '../words/words';
import { changeQuantity } from './counter';
import { putAside } from './desk';
import { WeightForm } from './WeightDialog';

/** Sets how many, or how heavy, a line is. */
export function QuantityDialog({ line }: { line: Line }) {
  const words = useWords();
  const [digits, setDigits] = useState('');
  const set = (quantity: string) => {
    putAside();
    changeQuantity(line, quantity).catch((error: unknown) =>
      notify(apology(error, words), 'danger'),
    );
  };
  const grams = Number(digits);
  return (
    <Dialog title={line.name} size="narrow" onClose={putAside}>
      {line.unit === 'kg' ? (
        <WeightForm
          grams={grams}
          perKilo={line.unit_price}
          digits={digits}
          onDigits={setDigits}
          onDone={() => set(formatDecimal(grams))}
        />
      ) : (
        <PieceForm digits={digits} before={line.quantity} onDigits={setDigits} onDone={set} />
      )}
    </Dialog>
  );
}

interface PieceProps {
  digits: string;
  before: string;
  onDigits: (digits: string) => void;
  onDone: (quantity: string) => void;
}

function PieceForm({ digits, before, onDigits, onDone }: PieceProps) {
  const { t } = useWords();
  return (
    <form
      className="figure-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (digits) onDone(digits);
      }}
    >
      <FigureField
        label={t('quantity')}
        digits={digits}
        digitsMax={3}
        shown={digits || before}
        onChange={onDigits}
      />
      <Button type="submit" look="accent" size="large" disabled={!digits}>
        {t('set')}
      </Button>
    </form>
  );
}
