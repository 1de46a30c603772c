import { describe, expect, it } from 'vitest';
import { formatDecimal, parseDecimal, priceOf } from './decimal';
import { formatDuration } from './duration';
import { cashSuggestions, formatMoney, formatQuantity, parseMoney, toDecimalString } from './money';

const eur = (amount: number) => ({ amount, currency: 'EUR' });

describe('money', () => {
  it('is shown as the locale writes it', () => {
    expect(formatMoney('en-IE', eur(123456))).toBe('€1,234.56');
    expect(formatMoney('de-DE', eur(123456))).toBe('1.234,56\u00a0€');
    expect(formatMoney('ja-JP', { amount: 1250, currency: 'JPY' })).toMatch(/1,250$/);
  });

  it('keeps every minor unit, where a float would lose one', () => {
    expect(toDecimalString(9007199254740991, 2)).toBe('90071992547409.91');
    expect(toDecimalString(-5, 2)).toBe('-0.05');
    expect(formatMoney('en-IE', eur(9007199254740991))).toBe('€90,071,992,547,409.91');
  });

  it('is read in either decimal mark, or refused', () => {
    expect(parseMoney('1,29', 'EUR')).toEqual(eur(129));
    expect(parseMoney(' 12.5 ', 'EUR')).toEqual(eur(1250));
    expect(parseMoney('7', 'EUR')).toEqual(eur(700));
    for (const text of ['', '1.299', '-1', '1e3', '1.2.3', 'free']) {
      expect(parseMoney(text, 'EUR')).toBeNull();
    }
  });

  it('suggests the exact sum and the next notes', () => {
    const amounts = (due: number) => cashSuggestions(eur(due)).map(({ amount }) => amount);
    expect(amounts(1229)).toEqual([1229, 1500, 2000, 5000]);
    expect(amounts(2000)).toEqual([2000, 5000, 10000]);
    expect(amounts(120)).toEqual([120, 500, 1000, 2000]);
  });
});

describe('quantities', () => {
  it('travel between text and whole thousandths unharmed', () => {
    for (const text of ['0', '1', '0.345', '12.5', '-2', '0.001']) {
      expect(formatDecimal(parseDecimal(text))).toBe(text);
    }
    expect(() => parseDecimal('1,5')).toThrow(RangeError);
  });

  it('are shown with their unit', () => {
    expect(formatQuantity('en', '0.345', 'kg')).toBe('0.345 kg');
    expect(formatQuantity('de', '1.5', 'kg')).toBe('1,500 kg');
    expect(formatQuantity('en', '2', 'each')).toBe('2');
  });

  it('price a weight, rounded half up', () => {
    expect(priceOf(499, 345)).toBe(172);
    expect(priceOf(250, 2)).toBe(1);
  });
});

describe('a length of time', () => {
  it('is said in its largest whole unit', () => {
    expect(formatDuration('en', 47 * 60_000)).toBe('47 minutes');
    expect(formatDuration('de', 26 * 3_600_000)).toBe('1 Tag');
    expect(formatDuration('en', -5)).toBe('0 seconds');
  });
});
