import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../kit/base.css';
import '../kit/controls.css';
import '../kit/dialog.css';
import '../kit/wall.css';
import './gate.css';
import { setTheme } from '../kit/theme';
import { StoreWords } from '../words/StoreWords';
import { Screen } from './Screen';

const files = ['kit', 'gate'];

setTheme(new URLSearchParams(location.search).get('theme') ?? 'kitchen');
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <StoreWords files={files}>
      <Screen />
    </StoreWords>
  </StrictMode>,
);
