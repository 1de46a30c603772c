import type { Store } from '../api/hq';
import { useNow } from '../kit/useNow';
import { useWords } from '../words/words';
import { AsOf } from './AsOf';

const tones: Record<Store['state'], string> = {
  online: 'good',
  offline: 'warn',
  never_seen: 'idle',
  revoked: 'danger',
  quarantined: 'danger',
};

export function StoreRow({ store }: { store: Store }) {
  const { t, money, moment } = useWords();
  const { count, total, as_of } = store.sales_today;
  return (
    <tr data-store={store.id} className={store.online ? '' : 'row--stale'}>
      <th scope="row">
        <strong>{store.name}</strong>
        <span className="cell__note">{store.id}</span>
      </th>
      <td>
        <span className={`badge badge--${tones[store.state]}`}>
          <span className={`dot dot--${tones[store.state]}`} />
          {t(`state-${store.state.replace('_', '-')}`)}
        </span>
        {store.message && <span className="cell__note cell__note--danger">{store.message}</span>}
      </td>
      <td className="number">
        <Behind store={store} />
      </td>
      <td>{store.last_seen ? moment(store.last_seen) : t('never')}</td>
      <td className="number">
        {as_of ? <strong data-testid="sales-today">{money(total)}</strong> : t('unknown')}
        <span className="cell__note">
          {as_of && <>{t('sale-count', { count })} · </>}
          <AsOf at={as_of} />
        </span>
      </td>
    </tr>
  );
}

/** An offline store's figure is the last one known, and says so. */
function Behind({ store }: { store: Store }) {
  const { t, duration } = useWords();
  const now = useNow(5_000);
  const entries = store.behind_entries;
  if (entries === null || entries === undefined) return <>{t('unknown')}</>;
  const since = store.behind_since && duration(now - Date.parse(store.behind_since));
  return (
    <>
      {entries === 0 && store.online ? t('up-to-date') : t('entries', { entries })}
      {since && <span className="cell__note">{t('behind-for', { since })}</span>}
      {!store.online && <span className="cell__note">{t('last-known')}</span>}
    </>
  );
}
