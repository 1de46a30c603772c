import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { getSalesReport, type Grouping } from '../api/hq';
import { useWords } from '../words/words';
import { AsOf } from './AsOf';
import { Failure } from './Failure';
import { SalesTable } from './SalesTable';

// The chart is drawn only here, so only this view pays for it.
const SalesChart = lazy(() => import('./SalesChart'));

const groupings: Grouping[] = ['day', 'store', 'item'];
const dayMs = 86_400_000;
/** The day on this computer's calendar, in the form that a date field and the report want. */
const isoDay = (at: number) => new Date(at).toLocaleDateString('sv-SE');

export function SalesView() {
  const { t, money } = useWords();
  const [from, setFrom] = useState(() => isoDay(Date.now() - 13 * dayMs));
  const [to, setTo] = useState(() => isoDay(Date.now()));
  const [grouping, setGrouping] = useState<Grouping>('day');
  const report = useQuery({
    queryKey: ['sales', from, to, grouping],
    queryFn: () => getSalesReport(from, to, grouping),
    enabled: from !== '' && to !== '' && from <= to,
    placeholderData: keepPreviousData,
  });
  const rows = report.data?.rows ?? [];
  const currency = rows[0]?.total.currency;
  const amount = rows.reduce((sum, row) => sum + row.total.amount, 0);
  return (
    <section>
      <div className="view__head">
        <h1>{t('view-sales')}</h1>
        {report.data && <AsOf at={report.data.as_of} />}
      </div>
      <div className="filters">
        <DayField label={t('from')} value={from} onChange={setFrom} />
        <DayField label={t('to')} value={to} onChange={setTo} />
        <div className="segments" role="group" aria-label={t('group-by')}>
          {groupings.map((one) => (
            <button
              key={one}
              type="button"
              className="segment"
              aria-pressed={one === grouping}
              onClick={() => setGrouping(one)}
            >
              {t(`by-${one}`)}
            </button>
          ))}
        </div>
        <p className="filters__total">
          {t('total')} <strong>{currency ? money({ amount, currency }) : '–'}</strong>
        </p>
      </div>
      {from > to && <p className="view__note">{t('dates-reversed')}</p>}
      {report.isError && <Failure error={report.error} onRetry={() => void report.refetch()} />}
      {grouping === 'day' && rows.length > 1 && (
        <Suspense fallback={<p className="view__note">{t('loading')}</p>}>
          <SalesChart rows={rows} />
        </Suspense>
      )}
      {report.data && <SalesTable rows={rows} grouping={grouping} />}
    </section>
  );
}

interface DayProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

function DayField({ label, value, onChange }: DayProps) {
  return (
    <label className="field">
      <span>{label}</span>
      <input
        className="text-input"
        type="date"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}
