import { memo, useEffect, useRef } from 'react';
import type { Line } from '../api/shapes';
import { Button } from '../kit/Button';
import { Icon } from '../kit/Icon';
import { notify } from '../kit/notices';
import { apology } from '../words/apology';
import { useWords } from '../words/words';
import { changeQuantity, stepQuantity } from './counter';
import { ask } from './desk';
import { useTill, visibleLines } from './till';

/** In thousandths, as quantities are counted here. */
const onePiece = 1000;

export function OrderLines() {
  const { t } = useWords();
  const order = useTill((till) => till.order);
  const pending = useTill((till) => till.pending);
  const atHand = useTill((till) => till.lineAtHand);
  const lines = order ? visibleLines(order) : [];
  if (lines.length + pending.length === 0) {
    return (
      <div className="lines lines--empty">
        <Icon name="basket" />
        <p>{t('order-empty')}</p>
      </div>
    );
  }
  return (
    <ul className="lines" aria-label={t('lines')} data-testid="lines">
      {lines.map((line) => (
        <Row key={line.id} line={line} atHand={line.id === atHand} />
      ))}
      {pending.map(({ id, name }) => (
        <li key={id} className="line line--pending" aria-busy="true">
          <span className="line__name">{name}</span>
        </li>
      ))}
    </ul>
  );
}

const Row = memo(function Row({ line, atHand }: { line: Line; atHand: boolean }) {
  const { t, money } = useWords();
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    const element = row.current;
    if (!atHand || !element) return undefined;
    const show = () => element.scrollIntoView({ block: 'nearest' });
    show();
    // What appears below the list later (the kitchen's button) must not cover this line.
    if (typeof ResizeObserver === 'undefined' || !element.parentElement) return undefined;
    const room = new ResizeObserver(show);
    room.observe(element.parentElement);
    return () => room.disconnect();
  }, [atHand, line]);
  const classes = ['line', atHand && 'line--at-hand', line.voided && 'line--voided'];
  return (
    <li ref={row} className={classes.filter(Boolean).join(' ')} data-sku={line.sku}>
      <button
        type="button"
        className="line__what"
        aria-expanded={atHand}
        onClick={() => useTill.setState({ lineAtHand: line.id })}
      >
        <span className="line__name">{line.name}</span>
        <span className="line__total">{money(line.total)}</span>
        <Details line={line} />
      </button>
      {atHand && !line.voided && <Steps line={line} />}
      {line.voided && <span className="badge badge--warn">{t('line-voided')}</span>}
    </li>
  );
});

function Details({ line }: { line: Line }) {
  const { t, money, quantity } = useWords();
  const many = line.quantity !== '1' || line.unit === 'kg';
  const extras = line.modifiers.map(({ name }) => name);
  if (line.note) extras.push(line.note);
  return (
    <span className="line__details">
      {many && (
        <span>
          {t(line.unit === 'kg' ? 'line-per-kilo' : 'line-each', {
            quantity: quantity(line.quantity, line.unit),
            price: money(line.unit_price),
          })}
        </span>
      )}
      {extras.length > 0 && <span>{extras.join(' · ')}</span>}
      {line.fired && <span className="line__fired">{t('line-fired')}</span>}
    </span>
  );
}

function Steps({ line }: { line: Line }) {
  const words = useWords();
  const { t } = words;
  const answer = (deed: Promise<unknown>) =>
    void deed.catch((error: unknown) => notify(apology(error, words), 'danger'));
  const step = (by: number) => answer(stepQuantity(line.id, by));
  const remove = () => answer(changeQuantity(line, '0'));
  const { name } = line;
  const each = line.unit === 'each';
  return (
    <div className="steps">
      {each && (
        <Button size="square" aria-label={t('one-less', { name })} onClick={() => step(-onePiece)}>
          <Icon name="minus" />
        </Button>
      )}
      <Button
        className="steps__quantity"
        aria-label={t('set-quantity', { name, quantity: words.quantity(line.quantity, line.unit) })}
        onClick={() => ask({ about: 'quantity', line })}
      >
        {words.quantity(line.quantity, line.unit)}
      </Button>
      {each && (
        <Button size="square" aria-label={t('one-more', { name })} onClick={() => step(onePiece)}>
          <Icon name="plus" />
        </Button>
      )}
      <span className="steps__space" />
      <Button look="bare" size="square" aria-label={t('remove', { name })} onClick={remove}>
        <Icon name="trash" />
      </Button>
    </div>
  );
}
