import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../kit/base.css';
import '../kit/controls.css';
import '../kit/dialog.css';
import './dashboard.css';
import './views.css';
import { followTheme } from '../kit/theme';
import { WordsProvider } from '../words/words';
import { Screen } from './Screen';

const files = ['kit', 'dashboard'];

// The feed says when something changed; a slow round beside it heals what a poke missed.
const roundMs = 30_000;
const queries = new QueryClient({
  defaultOptions: { queries: { refetchInterval: roundMs, retry: 2, networkMode: 'always' } },
});

followTheme();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <WordsProvider files={files}>
        <Screen />
      </WordsProvider>
    </QueryClientProvider>
  </StrictMode>,
);
