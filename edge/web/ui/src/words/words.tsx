import type { FluentBundle, FluentVariable } from '@fluent/bundle';
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { Money } from '../api/shapes';
import { direction, loadBundle, negotiate } from './bundle';
import { formatDuration } from './duration';
import { formatMoney, formatQuantity } from './money';

type Arguments = Record<string, FluentVariable>;

/** Every way in which a screen turns a value into text. */
export interface Words {
  readonly locale: string;
  t(key: string, args?: Arguments): string;
  money(money: Money): string;
  quantity(quantity: string, unit: string): string;
  number(value: number): string;
  /** A length of time in its largest whole unit: "48 minutes". */
  duration(ms: number): string;
  clock(at: string): string;
  day(at: string): string;
  moment(at: string): string;
}

export function makeWords(bundle: FluentBundle, locale: string): Words {
  const clock = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const number = new Intl.NumberFormat(locale);
  return {
    locale,
    t(key, args) {
      const message = bundle.getMessage(key);
      // A missing word shows its key: ugly, but the cashier can go on and read it out to us.
      return message?.value ? bundle.formatPattern(message.value, args) : key;
    },
    money: (money) => formatMoney(locale, money),
    quantity: (quantity, unit) => formatQuantity(locale, quantity, unit),
    number: (value) => number.format(value),
    duration: (ms) => formatDuration(locale, ms),
    clock: (at) => clock.format(new Date(at)),
    day: (at) => day.format(new Date(at)),
    moment: (at) => moment.format(new Date(at)),
  };
}

const WordsContext = createContext<Words | null>(null);

export function useWords(): Words {
  const words = useContext(WordsContext);
  if (!words) throw new Error('a screen must be inside WordsProvider');
  return words;
}

interface Props {
  /** Names of the files in `locales/LANGUAGE/`. */
  files: readonly string[];
  /** The store's own locale, once it is known. */
  locale?: string | undefined;
  children: ReactNode;
}

/** Loads the words, and shows nothing until they are there: half-translated screens mislead. */
export function WordsProvider({ files, locale, children }: Props) {
  const wanted = useMemo(() => wishes(locale), [locale]);
  const [words, setWords] = useState<Words | null>(null);
  useEffect(() => {
    let current = true;
    const language = negotiate(wanted);
    void loadBundle(language, files).then((bundle) => {
      if (!current) return;
      document.documentElement.lang = language;
      document.documentElement.dir = direction(language);
      setWords(makeWords(bundle, regional(language, wanted)));
    });
    return () => {
      current = false;
    };
  }, [files, wanted]);
  return words && <WordsContext value={words}>{children}</WordsContext>;
}

/** `?lang=` wins over the store's locale, which wins over the browser's. */
function wishes(locale: string | undefined): string[] {
  const asked = new URLSearchParams(location.search).get('lang');
  return [asked, locale, ...navigator.languages].filter(
    (wish) => wish !== null && wish !== undefined,
  );
}

/** `de` with a store in `de-AT` formats numbers as Austria does. */
function regional(language: string, wanted: readonly string[]): string {
  return wanted.find((wish) => wish.toLowerCase().startsWith(`${language}-`)) ?? language;
}
