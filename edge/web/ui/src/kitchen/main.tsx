import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import '../kit/base.css';
import '../kit/controls.css';
import '../kit/dialog.css';
import './kitchen.css';
import './ticket.css';
import { getStore } from '../api/store';
import { setTheme } from '../kit/theme';
import { WordsProvider } from '../words/words';
import { Screen } from './Screen';

const files = ['kit', 'kitchen'];
const retryMs = 2_000;

function Kitchen() {
  const [locale, setLocale] = useState<string>();
  useEffect(() => {
    const find = () =>
      getStore().then(
        (store) => setLocale(store.locale),
        () => setTimeout(find, retryMs),
      );
    void find();
  }, []);
  return (
    <WordsProvider files={files} locale={locale}>
      <Screen />
    </WordsProvider>
  );
}

setTheme(new URLSearchParams(location.search).get('theme') ?? 'kitchen');
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Kitchen />
  </StrictMode>,
);
