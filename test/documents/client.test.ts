/** docs/client.md: every problem of a login page stands in its table, with texts that the package has in each language. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { operations } from '../../infra/openapi/operations.ts';
import { problemCodesOf } from '../../infra/openapi/problems.ts';
import { languages } from '../../shared/domain/text/language.ts';
import { type RouteKey, routes, scopes } from '../../shared/http/routes.ts';
import { root } from './pages.ts';

const page = readFileSync(join(root, 'docs/client.md'), 'utf8');
const inCode = (text: string) => Array.from(text.matchAll(/`([^`]+)`/g), ([, code = '']) => code);
const rows = Array.from(
  page.matchAll(/^\| (`[^|]+) \|[^|]+\| (`[^|]+) \|$/gm),
  ([, codes = '', texts = '']) => ({
    codes: inCode(codes),
    texts: inCode(texts),
  }),
);

/** Faults of the program that asks, which no person can do anything about. */
const ofPrograms = [
  'unauthenticated',
  'forbidden',
  'conflict',
  'payload-too-large',
  'unsupported-media-type',
];

test('the table has what a sign-in can be answered with', () => {
  const ofSignIn = routes.filter((route) => route.scopes?.every((scope) => scope === scopes.signin));
  const answered = ofSignIn.flatMap((route) =>
    problemCodesOf(route, operations[`${route.method} ${route.path}` as RouteKey]),
  );
  const shown = new Set(answered.filter((code) => !ofPrograms.includes(code)));
  expect(rows.flatMap(({ codes }) => codes).toSorted()).toEqual([...shown].toSorted());
});

test.each(languages)('what the page names is among the texts in %s', (language) => {
  const file = join(root, `shared/messages/page-texts/${language}.json`);
  const known = Object.keys(JSON.parse(readFileSync(file, 'utf8')));
  const words = page.slice(page.indexOf('## Words for people'), page.indexOf('```js words.mjs'));
  const named = [
    ...rows.flatMap(({ texts }) => texts),
    ...inCode(words).filter((code) => code.includes('.')),
  ];
  expect(named).toEqual(expect.arrayContaining(['code.rejected', 'method.SMS', 'path.kba', 'failed.SMS']));
  expect(named.filter((key) => !known.includes(key))).toEqual([]);
});
