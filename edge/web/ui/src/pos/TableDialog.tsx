import { useState } from 'react';
import { Button } from '../kit/Button';
import { Dialog } from '../kit/Dialog';
import { FigureField } from '../kit/FigureField';
import { notify } from '../kit/notices';
import { apology } from '../words/apology';
import { useWords } from '../words/words';
import { startOrder } from './counter';
import { putAside } from './desk';

/** Asks which table a dine-in order is for. */
export function TableDialog() {
  const words = useWords();
  const { t } = words;
  const [digits, setDigits] = useState('');
  const open = () => {
    putAside();
    startOrder('dine_in', digits).catch((error: unknown) =>
      notify(apology(error, words), 'danger'),
    );
  };
  return (
    <Dialog title={t('which-table')} size="narrow" onClose={putAside}>
      <form
        className="figure-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (digits) open();
        }}
      >
        <FigureField
          label={t('table-number')}
          digits={digits}
          digitsMax={3}
          shown={digits}
          onChange={setDigits}
        />
        <Button type="submit" look="accent" size="large" disabled={!digits}>
          {digits ? t('open-table', { table: digits }) : t('table-number')}
        </Button>
      </form>
    </Dialog>
  );
}
