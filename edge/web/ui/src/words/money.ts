import type { Money } from '../api/shapes';
import { parseDecimal } from './decimal';

// Making a formatter costs far more than using it, and a cart formats on every scan.
const formatters = new Map<string, Intl.NumberFormat>();

function formatterFor(locale: string, currency: string): Intl.NumberFormat {
  const key = `${locale}/${currency}`;
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.NumberFormat(locale, { style: 'currency', currency });
    formatters.set(key, formatter);
  }
  return formatter;
}

/** Digits after the point in this currency: 2 for EUR, 0 for JPY. */
export function minorDigits(currency: string): number {
  return formatterFor('en', currency).resolvedOptions().maximumFractionDigits ?? 2;
}

/** Minor units as an exact decimal string; division would make a float of it. */
export function toDecimalString(amount: number, digits: number): `${number}` {
  const sign = amount < 0 ? '-' : '';
  const size = String(Math.abs(amount)).padStart(digits + 1, '0');
  const cut = size.length - digits;
  const text = digits ? `${size.slice(0, cut)}.${size.slice(cut)}` : size;
  return `${sign}${text}` as `${number}`;
}

export function formatMoney(locale: string, money: Money): string {
  const formatter = formatterFor(locale, money.currency);
  return formatter.format(toDecimalString(money.amount, minorDigits(money.currency)));
}

/** What a person typed as a price, in either decimal mark; null when it is not a price. */
export function parseMoney(text: string, currency: string): Money | null {
  const digits = minorDigits(currency);
  const match = /^(\d{1,9})(?:[.,](\d+))?$/.exec(text.trim());
  if (!match) return null;
  const [, whole = '0', fraction = ''] = match;
  if (fraction.length > digits) return null;
  return { amount: Number(whole + fraction.padEnd(digits, '0')), currency };
}

const quantityFormatters = new Map<string, Intl.NumberFormat>();

export function formatQuantity(locale: string, quantity: string, unit: string): string {
  const key = `${locale}/${unit}`;
  let formatter = quantityFormatters.get(key);
  if (!formatter) {
    const kilos = { style: 'unit', unit: 'kilogram', minimumFractionDigits: 3 } as const;
    formatter = new Intl.NumberFormat(locale, unit === 'kg' ? kilos : {});
    quantityFormatters.set(key, formatter);
  }
  parseDecimal(quantity);
  return formatter.format(quantity as `${number}`);
}

const cashSteps = [500, 1000, 2000, 5000, 10000];

/** What a customer is likely to hand over: the exact sum, then the next notes above it. */
export function cashSuggestions(due: Money, most = 4): Money[] {
  const scale = 10 ** (2 - minorDigits(due.currency));
  const amounts = new Set([due.amount]);
  for (const step of cashSteps) {
    const note = step / scale;
    const next = Math.ceil(due.amount / note) * note;
    if (next > due.amount) amounts.add(next);
  }
  const sorted = [...amounts].sort((a, b) => a - b).slice(0, most);
  return sorted.map((amount) => ({ amount, currency: due.currency }));
}
