import { useEffect, useState, type ReactNode } from 'react';
import { getStore } from '../api/store';
import { WordsProvider } from './words';

const retryMs = 2_000;

/** Words in the store's own language; a screen may be switched on before the appliance is. */
export function StoreWords({ files, children }: { files: readonly string[]; children: ReactNode }) {
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
      {children}
    </WordsProvider>
  );
}
