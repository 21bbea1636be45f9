/** Pages that say in words how many languages there are say as many as the code has. */
import { expect, test } from 'vitest';
import { languages } from '../../shared/domain/text/language.ts';
import { pages } from './pages.ts';

const numbers = ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const said = pages().flatMap(({ path, text }) =>
  Array.from(text.matchAll(new RegExp(`\\b(${numbers.join('|')})\\s+languages\\b`, 'gi')), ([, word]) => ({
    path,
    count: numbers.indexOf((word as string).toLowerCase()) + 2,
  })),
);

test('pages say how many languages there are', () => {
  expect(said.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['README.md', 'docs/client.md', 'docs/recovery.md', 'docs/threat-model.md']),
  );
  expect(said.filter(({ count }) => count !== languages.length)).toEqual([]);
});
