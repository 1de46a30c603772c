import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { findCatalogueItems } from '../api/hq';
import { useWords } from '../words/words';
import { Failure } from './Failure';
import { PriceCell } from './PriceCell';

const rowsMax = 60;

export function CatalogueView() {
  const { t } = useWords();
  const [text, setText] = useState('');
  const words = useDeferredValue(text.trim());
  const items = useQuery({
    queryKey: ['catalogue', words],
    queryFn: () => findCatalogueItems(words, rowsMax),
    placeholderData: keepPreviousData,
  });
  return (
    <section>
      <div className="view__head">
        <h1>{t('view-catalogue')}</h1>
      </div>
      <label className="field field--wide">
        <span>{t('search-items')}</span>
        <input
          className="text-input"
          type="search"
          autoComplete="off"
          value={text}
          placeholder={t('search-items-hint')}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      {items.isError && <Failure error={items.error} onRetry={() => void items.refetch()} />}
      {items.data?.length === 0 && <p className="view__note">{t('no-items')}</p>}
      {items.data && items.data.length > 0 && (
        <div className="table-frame">
          <table className="table" data-testid="catalogue">
            <caption className="unseen">{t('catalogue-caption')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('column-item')}</th>
                <th scope="col">{t('column-category')}</th>
                <th scope="col">{t('column-code')}</th>
                <th scope="col" className="number">
                  {t('column-tax')}
                </th>
                <th scope="col" className="number">
                  {t('column-price')}
                </th>
              </tr>
            </thead>
            <tbody>
              {items.data.map((item) => (
                <tr key={item.sku} data-sku={item.sku}>
                  <th scope="row">
                    <strong>{item.name}</strong>
                    <span className="cell__note">{item.sku}</span>
                  </th>
                  <td>{item.category}</td>
                  <td>{item.gtin}</td>
                  <td className="number">{t('percent', { rate: item.tax_rate })}</td>
                  <td className="number">
                    <PriceCell item={item} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
