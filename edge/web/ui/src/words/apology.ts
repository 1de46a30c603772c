import { Refusal } from '../api/refusal';
import type { Words } from './words';

/** An error as a sentence: what happened, what was kept, what to do next. */
export function apology(error: unknown, words: Words): string {
  if (!(error instanceof Refusal)) return words.t('error-screen');
  if (error.outcome === 'unknown') return words.t('error-no-answer');
  const key = `error-${error.code.replaceAll('_', '-')}`;
  const known = words.t(key);
  if (known !== key) return known;
  return error.message || words.t('error-refused', { code: error.code });
}
