import { useEffect, useRef } from 'react';
import { Notices } from '../kit/notices';
import { useWords } from '../words/words';
import { CompletedSale } from './CompletedSale';
import { listen } from './listen';
import { ItemArea } from './ItemArea';
import { OrderPanel } from './OrderPanel';
import { Questions } from './Questions';
import { TopBar } from './TopBar';
import { useKeys } from './useKeys';
import { useTill } from './till';

/** The till: goods on the left, the order on the right, and nothing ever moves. */
export function Screen() {
  const words = useWords();
  const search = useRef<HTMLInputElement>(null);
  const completed = useTill((till) => till.completed);
  useEffect(() => listen(words), [words]);
  useKeys(search);
  return (
    <div className="till">
      <TopBar />
      <main className="till__work">
        <h1 className="unseen">{words.t('pos-title')}</h1>
        <ItemArea search={search} />
        {completed ? <CompletedSale completed={completed} /> : <OrderPanel />}
      </main>
      <Questions />
      <Notices level={0} />
    </div>
  );
}
