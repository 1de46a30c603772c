import { memo } from 'react';
import type { Item } from '../api/shapes';
import { Icon } from '../kit/Icon';
import { useWords } from '../words/words';

/** Colours help the hand find a shelf again; the words say what it is. */
const hues = 8;

interface Props {
  item: Item;
  onPick: (item: Item) => void;
}

export const Tile = memo(
  function Tile({ item, onPick }: Props) {
    const { t, money } = useWords();
    return (
      <button
        type="button"
        className="tile"
        data-hue={hueOf(item.category ?? '')}
        data-sku={item.sku}
        onClick={() => onPick(item)}
      >
        <span className="tile__name">{item.name}</span>
        <span className="tile__foot">
          <span className="tile__price">
            {money(item.price)}
            {item.unit === 'kg' && <span className="tile__unit"> {t('per-kilo')}</span>}
          </span>
          {item.modifiers.length > 0 && <span className="tile__more">{t('choices')}</span>}
          {item.unit === 'kg' && <Icon name="scale" />}
        </span>
      </button>
    );
  },
  // The handler is new on every keystroke; the tile is not.
  (before, after) => before.item === after.item,
);

function hueOf(category: string): number {
  let sum = 0;
  for (const letter of category) sum = (sum * 31 + letter.charCodeAt(0)) % 9973;
  return sum % hues;
}
