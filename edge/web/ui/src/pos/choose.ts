import type { Item } from '../api/shapes';
import { notify } from '../kit/notices';
import { apology } from '../words/apology';
import type { Words } from '../words/words';
import { ringUp } from './counter';
import { ask } from './desk';

/** What a tap on an item leads to: a question where one is needed, else a line on the order. */
export function choose(item: Item, words: Words): void {
  if (item.unit === 'kg') ask({ about: 'weight', item });
  else if (item.modifiers.length > 0) ask({ about: 'modifiers', item });
  else ringUp(item).catch((error: unknown) => notify(apology(error, words), 'danger'));
}
