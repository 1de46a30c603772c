import { StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import './base.css';
import './controls.css';
import './dialog.css';
import './wall.css';
import { StoreWords } from '../words/StoreWords';
import { setTheme } from './theme';

/** Shows a screen that hangs on a wall: dark unless `?theme=` says otherwise, in the store's words. */
export function hang(files: readonly string[], screen: ReactNode): void {
  setTheme(new URLSearchParams(location.search).get('theme') ?? 'kitchen');
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <StoreWords files={files}>{screen}</StoreWords>
    </StrictMode>,
  );
}
