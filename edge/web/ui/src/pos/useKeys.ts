import { useEffect, type RefObject } from 'react';
import { dismissAll } from '../kit/notices';
import { ask, useDesk } from './desk';
import { useTill } from './till';

/**
 * The keys of the till. Typing anywhere goes to the search field, so that a scanner which acts
 * as a keyboard never presses the button that happens to have the focus.
 */
export function useKeys(search: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (useDesk.getState().question) return;
      const act = keys[event.key];
      if (event.key === 'F2') search.current?.select();
      if (event.key === 'F2') search.current?.focus();
      if (act) act();
      if (act || event.key === 'F2') event.preventDefault();
      else if (isTyping(event) && !isField(event.target)) search.current?.focus();
    };
    addEventListener('keydown', onKey, { capture: true });
    return () => removeEventListener('keydown', onKey, { capture: true });
  }, [search]);
}

const keys: Record<string, () => void> = {
  F4: () => ask({ about: 'orders' }),
  F8: () => askForPayment('card'),
  F9: () => askForPayment('cash'),
  Escape: dismissAll,
};

export function askForPayment(method: 'cash' | 'card'): void {
  const { order } = useTill.getState();
  if (order && order.due.amount > 0) ask({ about: 'payment', method });
}

const isTyping = (event: KeyboardEvent) =>
  event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.altKey && !event.metaKey;

const isField = (target: EventTarget | null) =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
