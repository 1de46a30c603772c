import { formatDecimal, parseDecimal } from '../words/decimal';
import { useWords } from '../words/words';
import { allDay, usePass } from './pass';

/** What all open tickets ask for together, so that a cook fries six at once. */
export function AllDay() {
  const { t, quantity } = useWords();
  const open = usePass((pass) => pass.open);
  const portions = allDay(open, parseDecimal);
  return (
    <aside className="all-day" aria-label={t('all-day')}>
      <h2>{t('all-day')}</h2>
      <ul>
        {portions.map((portion) => (
          <li key={portion.name}>
            <strong>{quantity(formatDecimal(portion.quantity), 'each')}</strong> {portion.name}
          </li>
        ))}
      </ul>
    </aside>
  );
}
