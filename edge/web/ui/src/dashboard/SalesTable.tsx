import type { Grouping, SalesRow } from '../api/hq';
import { useWords } from '../words/words';

interface Props {
  rows: readonly SalesRow[];
  grouping: Grouping;
}

/** The figures themselves; for days they are also the chart's text. */
export function SalesTable({ rows, grouping }: Props) {
  const { t, money, number, day } = useWords();
  const most = rows.reduce((max, row) => Math.max(max, row.total.amount), 1);
  const sorted = grouping === 'day' ? rows : [...rows].sort(bySales);
  const quantities = rows.some((row) => row.quantity);
  if (rows.length === 0) return <p className="view__note">{t('no-sales')}</p>;
  return (
    <div className="table-frame">
      <table className="table" data-testid="sales-report">
        <caption className="unseen">{t('sales-caption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t(`by-${grouping}`)}</th>
            <th scope="col" className="number">
              {t('column-count')}
            </th>
            {quantities && (
              <th scope="col" className="number">
                {t('column-quantity')}
              </th>
            )}
            <th scope="col" className="number">
              {t('column-total')}
            </th>
            <th scope="col" className="share">
              <span className="unseen">{t('column-share')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <tr key={row.key}>
              <th scope="row">{grouping === 'day' ? day(row.key) : row.name}</th>
              <td className="number">{number(row.count)}</td>
              {quantities && <td className="number">{row.quantity}</td>}
              <td className="number">
                <strong>{money(row.total)}</strong>
              </td>
              <td className="share" aria-hidden="true">
                <meter className="share__bar" value={row.total.amount} max={most} tabIndex={-1} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const bySales = (a: SalesRow, b: SalesRow) => b.total.amount - a.total.amount;
