import { create } from 'zustand';
import type { Item, Line } from '../api/shapes';

/** The one dialog that may be open: a till never stacks questions. */
export type Question =
  | { about: 'payment'; method: 'cash' | 'card' }
  | { about: 'modifiers'; item: Item }
  | { about: 'weight'; item: Item }
  | { about: 'quantity'; line: Line }
  | { about: 'table' | 'orders' | 'status' | 'cancel' };

export const useDesk = create<{ question: Question | null }>(() => ({ question: null }));

export const ask = (question: Question) => useDesk.setState({ question });
export const putAside = () => useDesk.setState({ question: null });
