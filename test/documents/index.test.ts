/** docs/README.md leads to every document, the glossary first, and the README leads there. */
import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pages, root } from './pages.ts';

const all = pages();
const linksOf = (path: string) => all.find((page) => page.path === path)?.links ?? [];

test('every document is in the index, and the glossary comes first', () => {
  const documents = globSync('docs/*.{md,json}', { cwd: root })
    .map((path) => path.slice('docs/'.length))
    .filter((name) => name !== 'README.md');
  const linked = linksOf('docs/README.md');
  expect(linked[0]).toBe('glossary.md');
  expect(documents.filter((name) => !linked.includes(name))).toEqual([]);
  expect(linked).toContain('decisions');
});

test('the README leads to the index', () => {
  expect(linksOf('README.md')).toContain('docs/README.md');
});
