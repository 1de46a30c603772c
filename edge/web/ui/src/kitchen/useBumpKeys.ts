import { useEffect } from 'react';
import { useWords } from '../words/words';
import { usePass } from './pass';
import { bump, callBack } from './work';

/** A bump bar is a keyboard: 1 to 9 bump by place, 0 shows what was made, backspace takes back. */
export function useBumpKeys(onRecent: () => void, paused: boolean): void {
  const words = useWords();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // A key that is held down is one intention, not a row of them.
      if (paused || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
      const { open, undo } = usePass.getState();
      const ticket = /^[1-9]$/.test(event.key) ? open[Number(event.key) - 1] : undefined;
      if (ticket) void bump(ticket, words);
      else if (event.key === '0') onRecent();
      else if (event.key === 'Backspace' && undo) void callBack(undo.ticket, words);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [onRecent, paused, words]);
}
