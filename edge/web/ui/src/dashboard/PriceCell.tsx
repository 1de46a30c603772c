import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { setPrice, type CatalogueItem } from '../api/hq';
import { Intentions } from '../api/intention';
import type { Money } from '../api/shapes';
import { Button } from '../kit/Button';
import { notify } from '../kit/notices';
import { apology } from '../words/apology';
import { minorDigits, parseMoney, toDecimalString } from '../words/money';
import { useWords } from '../words/words';

const intentions = new Intentions();

/** A price that turns into a field when it is to be changed. */
export function PriceCell({ item }: { item: CatalogueItem }) {
  const { t, money } = useWords();
  const [editing, setEditing] = useState(false);
  if (editing) return <PriceForm item={item} onDone={() => setEditing(false)} />;
  return (
    <div className="price">
      {item.price_conflict && (
        <a className="badge badge--warn" href="#conflicts">
          {t('in-conflict')}
        </a>
      )}
      <Button
        className="price__edit"
        aria-label={t('change-price', { name: item.name, price: money(item.price) })}
        onClick={() => setEditing(true)}
      >
        {money(item.price)}
      </Button>
    </div>
  );
}

function PriceForm({ item, onDone }: { item: CatalogueItem; onDone: () => void }) {
  const words = useWords();
  const { t } = words;
  const { amount, currency } = item.price;
  const [text, setText] = useState(() => toDecimalString(amount, minorDigits(currency)) as string);
  const price = parseMoney(text, currency);
  const save = useSave(item, onDone);
  return (
    <form
      className="price"
      onSubmit={(event) => {
        event.preventDefault();
        if (price) save.mutate(price);
      }}
    >
      <input
        ref={(field) => field?.focus()}
        className="text-input price__field"
        inputMode="decimal"
        aria-label={t('new-price', { name: item.name })}
        aria-invalid={price === null}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && onDone()}
      />
      <Button type="submit" look="accent" disabled={!price || save.isPending}>
        {t('save')}
      </Button>
      <Button look="bare" onClick={onDone}>
        {t('leave')}
      </Button>
    </form>
  );
}

function useSave(item: CatalogueItem, onDone: () => void) {
  const words = useWords();
  const queries = useQueryClient();
  return useMutation({
    networkMode: 'always',
    mutationFn: (price: Money) =>
      intentions.carryOut(`price ${item.sku} ${price.amount}`, (key) =>
        setPrice(key, item.sku, price),
      ),
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: ['catalogue'] });
      notify(words.t('price-saved', { name: saved.name, price: words.money(saved.price) }));
      onDone();
    },
    onError: (error) => notify(apology(error, words), 'danger'),
  });
}
