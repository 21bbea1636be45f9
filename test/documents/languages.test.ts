/** Pages that count the languages, or list them by name, have as many as the code. */
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

test('pages that list the languages list all of them', () => {
  const names = new Intl.DisplayNames('en', { type: 'language' });
  const all = languages.map((tag) => names.of(tag) ?? tag);
  const lists = pages().flatMap(({ path, text }) =>
    Array.from(text.matchAll(/English(?:,? (?:and |or )?[A-Z][a-z]+)+/g), ([list]) => ({ path, list })),
  );
  expect(lists.length).toBeGreaterThan(0);
  const lacking = lists.filter(({ list }) => !all.every((name) => list.includes(name)));
  expect(lacking).toEqual([]);
});
