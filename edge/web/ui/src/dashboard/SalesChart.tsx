import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { SalesRow } from '../api/hq';
import { minorDigits, toDecimalString } from '../words/money';
import { useWords, type Words } from '../words/words';

const heightPx = 240;

interface Props {
  rows: readonly SalesRow[];
}

/** Sales by day as bars. A canvas says nothing to a screen reader: the table below it does. */
export default function SalesChart({ rows }: Props) {
  const words = useWords();
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const plot = new uPlot(options(words, rows, element.clientWidth), data(rows), element);
    const resize = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: heightPx }),
    );
    resize.observe(element);
    return () => {
      resize.disconnect();
      plot.destroy();
    };
  }, [rows, words]);
  return <figure ref={box} className="chart" aria-hidden="true" />;
}

function data(rows: readonly SalesRow[]): uPlot.AlignedData {
  return [rows.map((_, at) => at), rows.map((row) => row.total.amount)];
}

function options(words: Words, rows: readonly SalesRow[], width: number): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--quiet'),
    grid: { stroke: colour('--edge'), width: 1 },
    ticks: { show: false },
    font: '13px system-ui, sans-serif',
  };
  const currency = rows[0]?.total.currency ?? 'EUR';
  const label = new Intl.DateTimeFormat(words.locale, {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  });
  // Gridlines stand at round sums, so their labels need no cents.
  const whole = new Intl.NumberFormat(words.locale, {
    style: 'currency',
    currency,
    maximumFractionDigits: 0,
  });
  const digits = minorDigits(currency);
  const dayAt = (at: number) => {
    const row = rows[at];
    return row ? label.format(new Date(row.key)) : '';
  };
  return {
    width,
    height: heightPx,
    legend: { show: false },
    cursor: { show: false },
    padding: [16, 8, 0, 8],
    scales: { x: { time: false, range: [-0.6, rows.length - 0.4] }, y: { range: fromZero } },
    axes: [
      {
        ...axis,
        size: 34,
        grid: { show: false },
        values: (_, at) => at.map((one) => dayAt(one)),
        incrs: [1, 2, 7, 14, 28],
      },
      {
        ...axis,
        size: 80,
        values: (_, at) =>
          at.map((amount) => whole.format(toDecimalString(Math.round(amount), digits))),
      },
    ],
    series: [
      {},
      {
        fill: colour('--accent'),
        width: 0,
        paths: uPlot.paths.bars?.({ size: [0.62, 56], radius: 0.12 }) ?? (() => null),
        points: { show: false },
      },
    ],
  };
}

/** Bars that do not start at nothing lie about their proportions. */
function fromZero(_: uPlot, _least: number, most: number): uPlot.Range.MinMax {
  return [0, Math.max(1, Math.ceil(most * 1.08))];
}
