import { FluentBundle, FluentResource } from '@fluent/bundle';

/** Languages with a complete set of files under `locales/`. */
export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

const rightToLeft = new Set(['ar', 'fa', 'he', 'ur']);

export const direction = (language: string) => (rightToLeft.has(language) ? 'rtl' : 'ltr');

/** The first wish that we speak; English when we speak none of them. */
export function negotiate(wishes: readonly string[]): Language {
  for (const wish of wishes) {
    const base = wish.toLowerCase().split('-')[0];
    const found = languages.find((language) => language === base);
    if (found) return found;
  }
  return 'en';
}

const files = import.meta.glob<string>('../../locales/*/*.ftl', {
  query: '?raw',
  import: 'default',
});

/** Loads the named files of one language; a till downloads only the words that it shows. */
export async function loadBundle(language: Language, names: readonly string[]) {
  const texts = await Promise.all(
    names.map((name) => {
      const load = files[`../../locales/${language}/${name}.ftl`];
      if (!load) throw new Error(`no words for ${language}/${name}`);
      return load();
    }),
  );
  return makeBundle(language, texts);
}

export function makeBundle(language: Language, texts: readonly string[]): FluentBundle {
  // Isolation marks keep mixed directions readable; left-to-right text does not need them.
  const useIsolating = direction(language) === 'rtl';
  const bundle = new FluentBundle(language, { useIsolating });
  for (const text of texts) bundle.addResource(new FluentResource(text));
  return bundle;
}
