/** The glossary's words for code are words of the code, and no term is explained twice. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './pages.ts';

const page = readFileSync(join(root, 'docs/glossary.md'), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => /^\| (?!term )/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, term = '', meaning = '', names = '']) => ({
    term,
    meaning,
    names: Array.from(names.matchAll(/`([^`]+)`/g), ([, name = '']) => name),
  }));

/** Without comments: a name that only a comment remembers is gone. */
const code = globSync('{functions,shared,infra}/**/*.ts', { cwd: root })
  .map((path) => readFileSync(join(root, path), 'utf8'))
  .join('\n')
  .replace(/\/\*[\s\S]*?\*\//g, '')
  .replace(/(?<!:)\/\/.*$/gm, '');

const isInCode = (name: string) => {
  const literal = name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`(?<![\\w-])${literal}(?![\\w-])`).test(code);
};

test('there are terms to check', () => {
  expect(rows.length).toBeGreaterThan(50);
  expect(rows.filter(({ meaning }) => meaning === '')).toEqual([]);
});

test('no term is explained twice', () => {
  const terms = rows.map(({ term }) => term);
  expect(terms.filter((term, place) => terms.indexOf(term) !== place)).toEqual([]);
});

test.each(rows.filter(({ names }) => names.length > 0))('$term is in the code', ({ names }) => {
  expect(names.filter((name) => !isInCode(name))).toEqual([]);
});

test('every other word in code type is in the code as well', () => {
  const words = Array.from(page.matchAll(/`([^`]+)`/g), ([, word = '']) => word);
  expect(words.filter((word) => !isInCode(word.toLowerCase()) && !isInCode(word))).toEqual([]);
});

test('a term is one line', () => {
  expect(rows.filter(({ meaning }) => meaning.length > 130).map(({ term }) => term)).toEqual([]);
});
