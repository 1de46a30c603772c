import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { getConflicts } from '../api/hq';
import { LostBar } from '../kit/LostBar';
import { Notices } from '../kit/notices';
import { useWords } from '../words/words';
import { CatalogueView } from './CatalogueView';
import { ConflictsView } from './ConflictsView';
import { listen } from './live';
import { SalesView } from './SalesView';
import { StoresView } from './StoresView';

const views = {
  stores: StoresView,
  sales: SalesView,
  catalogue: CatalogueView,
  conflicts: ConflictsView,
} as const;

type ViewName = keyof typeof views;

/** Headquarters at a glance: every figure says of when it is. */
export function Screen() {
  const { t } = useWords();
  const queries = useQueryClient();
  const view = useView();
  useEffect(() => listen(queries), [queries]);
  const View = views[view];
  return (
    <div className="dashboard">
      <header className="masthead">
        <strong className="masthead__name">{t('dashboard-title')}</strong>
        <Navigation current={view} />
      </header>
      <LostBar message="hq-line-lost" />
      <main className="dashboard__main">
        <View />
      </main>
      <Notices level={0} />
    </div>
  );
}

function Navigation({ current }: { current: ViewName }) {
  const { t } = useWords();
  const conflicts = useQuery({ queryKey: ['conflicts'], queryFn: getConflicts });
  const count = conflicts.data?.length ?? 0;
  return (
    <nav aria-label={t('navigation')}>
      <ul className="masthead__links">
        {(Object.keys(views) as ViewName[]).map((name) => (
          <li key={name}>
            <a href={`#${name}`} aria-current={name === current ? 'page' : undefined}>
              {t(`view-${name}`)}
              {name === 'conflicts' && count > 0 && (
                <span className="badge badge--warn">{count}</span>
              )}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function useView(): ViewName {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const onHash = () => setHash(location.hash);
    addEventListener('hashchange', onHash);
    return () => removeEventListener('hashchange', onHash);
  }, []);
  const name = hash.slice(1);
  return name in views ? (name as ViewName) : 'stores';
}
