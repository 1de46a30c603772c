import { useState } from 'react';
import type { Item, ModifierGroup } from '../api/shapes';
import { Button } from '../kit/Button';
import { Dialog } from '../kit/Dialog';
import { notify } from '../kit/notices';
import { apology } from '../words/apology';
import { useWords } from '../words/words';
import { ringUp } from './counter';
import { putAside } from './desk';

/** Asks for the choices that an item needs or offers. */
export function ModifierDialog({ item }: { item: Item }) {
  const words = useWords();
  const { t, money } = words;
  const [chosen, setChosen] = useState(() => new Set(item.modifiers.flatMap(firstChoices)));
  const [note, setNote] = useState('');
  const missing = item.modifiers.find((group) => countIn(group, chosen) < group.min);
  const price = { ...item.price, amount: item.price.amount + extraMinor(item, chosen) };
  const add = () => {
    putAside();
    const details = { modifiers: [...chosen], ...(note.trim() && { note: note.trim() }) };
    ringUp(item, details).catch((error: unknown) => notify(apology(error, words), 'danger'));
  };
  return (
    <Dialog title={item.name} onClose={putAside}>
      <form
        className="choices"
        onSubmit={(event) => {
          event.preventDefault();
          if (!missing) add();
        }}
      >
        {item.modifiers.map((group) => (
          <Group
            key={group.id}
            group={group}
            chosen={chosen}
            onChoose={(option) => setChosen(choose(group, chosen, option))}
          />
        ))}
        <label className="choices__note">
          <span>{t('note')}</span>
          <input
            className="text-input"
            value={note}
            maxLength={80}
            placeholder={t('note-hint')}
            onChange={(event) => setNote(event.target.value)}
          />
        </label>
        <Button type="submit" look="accent" size="large" disabled={missing !== undefined}>
          {missing
            ? t('choose-first', { group: missing.name })
            : t('add-for', { price: money(price) })}
        </Button>
      </form>
    </Dialog>
  );
}

interface GroupProps {
  group: ModifierGroup;
  chosen: ReadonlySet<string>;
  onChoose: (option: string) => void;
}

function Group({ group, chosen, onChoose }: GroupProps) {
  const { t, money } = useWords();
  const full = group.max > 1 && countIn(group, chosen) >= group.max;
  const single = group.min === 1 && group.max === 1;
  return (
    <fieldset>
      <legend className="choices__name">
        {group.name} <span className="choices__rule">{t('choose-between', { ...group })}</span>
      </legend>
      <div className="choices__options">
        {group.options.map((option, at) => (
          <label key={option.id} className="choice">
            <input
              type={single ? 'radio' : 'checkbox'}
              name={group.id}
              checked={chosen.has(option.id)}
              disabled={full && !chosen.has(option.id)}
              onChange={() => onChoose(option.id)}
              {...(single && at === 0 && { 'data-first-focus': true })}
            />
            <span className="choice__name">{option.name}</span>
            {option.price.amount !== 0 && (
              <span className="choice__price">
                {t('plus-price', { price: money(option.price) })}
              </span>
            )}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** The usual choice is made already, so that the usual order needs one tap. */
const firstChoices = (group: ModifierGroup) =>
  group.options.slice(0, group.min).map((option) => option.id);

const countIn = (group: ModifierGroup, chosen: ReadonlySet<string>) =>
  group.options.filter((option) => chosen.has(option.id)).length;

function choose(group: ModifierGroup, chosen: ReadonlySet<string>, option: string): Set<string> {
  const next = new Set(chosen);
  const removed = next.delete(option) && !(group.min === 1 && group.max === 1);
  if (removed) return next;
  if (group.max === 1) for (const other of group.options) next.delete(other.id);
  return next.add(option);
}

const extraMinor = (item: Item, chosen: ReadonlySet<string>) =>
  item.modifiers
    .flatMap((group) => group.options)
    .filter((option) => chosen.has(option.id))
    .reduce((sum, option) => sum + option.price.amount, 0);
