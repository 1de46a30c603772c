import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type Entry } from '@fluent/syntax';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { languages, makeBundle, negotiate } from './bundle';

const root = join(import.meta.dirname, '../..');
const locales = join(root, 'locales');
const files = readdirSync(join(locales, 'en'));
const read = (language: string, file: string) =>
  readFileSync(join(locales, language, file), 'utf8');

const isMessage = (entry: Entry) => entry.type === 'Message';

/** Each message's name with the names of what is put into it. */
function messages(language: string, file: string): string[] {
  const resource = parse(read(language, file), {});
  return resource.body
    .filter(isMessage)
    .map((entry) => {
      const text = JSON.stringify(entry);
      const names = text.matchAll(/"VariableReference","id":\{[^}]*"name":"(\w+)"/g);
      const plain = [...names].map(([, name]) => name);
      return `${(entry as { id: { name: string } }).id.name}(${[...new Set(plain)].sort().join()})`;
    })
    .sort();
}

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.tsx') && !file.includes('.test.'),
);

describe('the words', () => {
  it.each(languages.filter((language) => language !== 'en'))('are complete in %s', (language) => {
    expect(readdirSync(join(locales, language))).toEqual(files);
    for (const file of files) expect(messages(language, file)).toEqual(messages('en', file));
  });

  it.each(languages)('are free of mistakes in %s', (language) => {
    for (const file of files) {
      const junk = parse(read(language, file), {}).body.filter(({ type }) => type === 'Junk');
      expect(junk).toEqual([]);
    }
  });

  it('hold every word that a screen asks for by name', () => {
    const known = new Set(
      files.flatMap((file) => messages('en', file).map((name) => name.replace(/\(.*/, ''))),
    );
    for (const file of sources) {
      const text = readFileSync(join(root, 'src', file), 'utf8');
      for (const [, key] of text.matchAll(/\bt\(\s*'([a-z-]+)'/g)) {
        expect(known, `${file} asks for ${key}`).toContain(key);
      }
    }
  });

  it('say plurals', () => {
    const bundle = makeBundle('de', [read('de', 'pos.ftl')]);
    const say = (troubles: number) =>
      bundle.formatPattern(bundle.getMessage('status-summary')!.value!, { troubles });
    expect([say(0), say(1), say(3)]).toEqual([
      'Bereit',
      '1 Sache braucht Hilfe',
      '3 Sachen brauchen Hilfe',
    ]);
  });

  it('follow the first wish that we speak', () => {
    expect(negotiate(['fr-CA', 'de-AT', 'en'])).toBe('de');
    expect(negotiate(['pl'])).toBe('en');
  });
});

describe('the screens', () => {
  it.each(sources)('%s holds no text of its own', (file) => {
    const text = readFileSync(join(root, 'src', file), 'utf8');
    expect(literalTexts(file, text)).toEqual([]);
  });
});

const spoken = ['aria-label', 'alt', 'title', 'placeholder', 'label'];

function literalTexts(file: string, text: string): string[] {
  const found: string[] = [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const visit = (node: ts.Node) => {
    if (ts.isJsxText(node) && /\p{L}/u.test(node.text)) found.push(node.text.trim());
    if (ts.isJsxAttribute(node) && spoken.includes(node.name.getText())) {
      if (node.initializer && ts.isStringLiteral(node.initializer)) found.push(node.getText());
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
