import { StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import '../kit/base.css';
import '../kit/controls.css';
import '../kit/dialog.css';
import './pos.css';
import './order.css';
import './payment.css';
import { getStore } from '../api/store';
import { followTheme } from '../kit/theme';
import { WordsProvider } from '../words/words';
import { Screen } from './Screen';
import { useTill } from './till';

const files = ['kit', 'pos'];
const retryMs = 2_000;

function Pos() {
  const locale = useTill(({ store }) => store?.locale);
  useEffect(() => {
    void findStore();
  }, []);
  return (
    <WordsProvider files={files} locale={locale}>
      <Screen />
    </WordsProvider>
  );
}

/** A till may be switched on before the appliance is. */
async function findStore(): Promise<void> {
  try {
    useTill.setState({ store: await getStore() });
  } catch {
    setTimeout(() => void findStore(), retryMs);
  }
}

followTheme();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Pos />
  </StrictMode>,
);
