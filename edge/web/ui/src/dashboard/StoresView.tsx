import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getStores, type Store } from '../api/hq';
import { useWords } from '../words/words';
import { Failure } from './Failure';
import { AsOf } from './AsOf';
import { SortHead, type Sorting } from './SortHead';
import { StoreRow } from './StoreRow';

export type Column = 'name' | 'state' | 'behind' | 'seen' | 'sales';

/** The worst first, so that sorting by state brings up what needs a hand. */
const urgency = ['quarantined', 'revoked', 'offline', 'never_seen', 'online'];

const orders: Record<Column, (a: Store, b: Store) => number> = {
  name: (a, b) => a.name.localeCompare(b.name),
  state: (a, b) => urgency.indexOf(a.state) - urgency.indexOf(b.state),
  behind: (a, b) => (a.behind_entries ?? -1) - (b.behind_entries ?? -1),
  seen: (a, b) => (a.last_seen ?? '').localeCompare(b.last_seen ?? ''),
  sales: (a, b) => a.sales_today.total.amount - b.sales_today.total.amount,
};

export function StoresView() {
  const { t } = useWords();
  const stores = useQuery({ queryKey: ['stores'], queryFn: getStores });
  const [sorting, setSorting] = useState<Sorting<Column>>({ by: 'state', descending: false });
  if (stores.isError) return <Failure error={stores.error} onRetry={() => void stores.refetch()} />;
  const rows = [...(stores.data?.stores ?? [])].sort((a, b) => {
    const order = orders[sorting.by](a, b) || orders.name(a, b);
    return sorting.descending ? -order : order;
  });
  return (
    <section>
      <div className="view__head">
        <h1>{t('view-stores')}</h1>
        {stores.data && <AsOf at={stores.data.as_of} />}
      </div>
      <Totals stores={rows} />
      <div className="table-frame">
        <table className="table" data-testid="stores">
          <caption className="unseen">{t('stores-caption')}</caption>
          <thead>
            <tr>
              {(Object.keys(orders) as Column[]).map((column) => (
                <SortHead
                  key={column}
                  column={column}
                  label={t(`column-${column}`)}
                  number={column === 'behind' || column === 'sales'}
                  sorting={sorting}
                  onSort={setSorting}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((store) => (
              <StoreRow key={store.id} store={store} />
            ))}
          </tbody>
        </table>
      </div>
      {stores.isPending && <p className="view__note">{t('loading')}</p>}
      {stores.data?.stores.length === 0 && <p className="view__note">{t('no-stores')}</p>}
    </section>
  );
}

function Totals({ stores }: { stores: readonly Store[] }) {
  const { t, money, number } = useWords();
  const online = stores.filter((store) => store.online).length;
  const known = stores.filter((store) => store.sales_today.as_of);
  const currency = known[0]?.sales_today.total.currency;
  const same = known.filter((store) => store.sales_today.total.currency === currency);
  const amount = same.reduce((sum, store) => sum + store.sales_today.total.amount, 0);
  const count = same.reduce((sum, store) => sum + store.sales_today.count, 0);
  const oldest = same.map((store) => store.sales_today.as_of ?? '').sort()[0];
  const behind = stores.filter((store) => !store.online || (store.behind_entries ?? 0) > 0).length;
  return (
    <dl className="figures">
      <div className="figure">
        <dt>{t('sales-today')}</dt>
        <dd className="figure__value" data-testid="total-sales">
          {currency ? money({ amount, currency }) : '–'}
        </dd>
        <dd className="figure__note">
          {t('sale-count', { count })} · {t('oldest-figure')} <AsOf at={oldest} />
        </dd>
      </div>
      <div className="figure">
        <dt>{t('stores-online')}</dt>
        <dd className="figure__value">
          {t('of-stores', { online: number(online), all: number(stores.length) })}
        </dd>
        <dd className="figure__note">{t('stores-behind', { behind })}</dd>
      </div>
    </dl>
  );
}
