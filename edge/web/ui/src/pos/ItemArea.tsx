import { useDeferredValue, useEffect, useState, type RefObject, type SubmitEvent } from 'react';
import type { Item } from '../api/shapes';
import { Icon } from '../kit/Icon';
import { notify } from '../kit/notices';
import { apology } from '../words/apology';
import { useWords } from '../words/words';
import { ringUpCode } from './counter';
import { itemsOf, loadCategories, looksLikeCode, searchItems, tilesMax, useGoods } from './goods';
import { choose } from './choose';
import { Tile } from './Tile';

/** A pause in typing that means "look now". */
const debounceMs = 120;

export function ItemArea({ search }: { search: RefObject<HTMLInputElement | null> }) {
  const words = useWords();
  const { t } = words;
  const [text, setText] = useState('');
  const found = useItems(useDeferredValue(text.trim()));
  const clear = () => setText('');
  const pick = (item: Item) => {
    clear();
    choose(item, words);
  };
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    void enter(text.trim(), words).then((done) => done && clear());
  };
  return (
    <section className="goods" aria-label={t('goods')}>
      <form className="search" role="search" onSubmit={onSubmit}>
        <Icon name="search" />
        <input
          ref={search}
          className="text-input search__field"
          type="search"
          autoComplete="off"
          spellCheck={false}
          aria-label={t('search')}
          placeholder={t('search-hint')}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && clear()}
        />
        <kbd className="key-hint search__key">{'F2'}</kbd>
      </form>
      <Categories quiet={text.trim() !== ''} onChoose={clear} />
      <Tiles items={found} searching={text.trim() !== ''} onPick={pick} />
    </section>
  );
}

/** Enter in the search field: a code is rung up; words ring up the first item found. */
async function enter(text: string, words: ReturnType<typeof useWords>): Promise<boolean> {
  if (!text) return false;
  try {
    if (looksLikeCode(text)) await ringUpCode(text);
    else {
      const [first] = await searchItems(text);
      if (!first) throw new Error();
      choose(first, words);
    }
    return true;
  } catch (error) {
    const nothing = error instanceof Error && error.constructor === Error;
    notify(nothing ? words.t('search-nothing', { text }) : apology(error, words), 'danger');
    return false;
  }
}

function useItems(text: string): Item[] | null {
  const category = useGoods((goods) => goods.category);
  const edition = useGoods((goods) => goods.edition);
  const [items, setItems] = useState<Item[] | null>(null);
  useEffect(() => {
    let current = true;
    const wait = text ? debounceMs : 0;
    const timer = setTimeout(() => {
      const asked = text ? searchItems(text) : category ? itemsOf(category) : null;
      asked?.then((found) => current && setItems(found)).catch(() => undefined);
    }, wait);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text, category, edition]);
  return items;
}

function Categories({ quiet, onChoose }: { quiet: boolean; onChoose: () => void }) {
  const { t } = useWords();
  const categories = useGoods((goods) => goods.categories);
  const chosen = useGoods((goods) => goods.category);
  const edition = useGoods((goods) => goods.edition);
  useEffect(() => {
    loadCategories().catch(() => undefined);
  }, [edition]);
  const choose = (category: string) => {
    useGoods.setState({ category });
    onChoose();
  };
  return (
    <div className="categories" role="group" aria-label={t('categories')}>
      {categories?.map(({ name }) => (
        <button
          key={name}
          type="button"
          className="category"
          aria-pressed={!quiet && name === chosen}
          onClick={() => choose(name)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

interface TilesProps {
  items: Item[] | null;
  searching: boolean;
  onPick: (item: Item) => void;
}

function Tiles({ items, searching, onPick }: TilesProps) {
  const { t } = useWords();
  if (!items) return <p className="goods__note">{t('loading')}</p>;
  if (items.length === 0) {
    return <p className="goods__note">{t(searching ? 'search-empty' : 'category-empty')}</p>;
  }
  return (
    <div className="tiles" data-testid="tiles">
      {items.slice(0, tilesMax).map((item) => (
        <Tile key={item.sku} item={item} onPick={onPick} />
      ))}
      {items.length > tilesMax && <p className="goods__note">{t('more-items')}</p>}
    </div>
  );
}
