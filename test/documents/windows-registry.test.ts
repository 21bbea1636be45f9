/** What PCs need in their registry: the page, the registry file and the group policy name the same entries. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './pages.ts';
import { type Element, readXml, within } from './xml.ts';

const read = (path: string) => readFileSync(join(root, 'docs', path), 'utf8');
const page = read('windows.md');
const registry = read('examples/windows.reg');
const admx = readXml(read('examples/mfa-fallback-pcs.admx'));
const adml = readXml(read('examples/en-US/mfa-fallback-pcs.adml'));

const key = 'SOFTWARE\\NetKnights GmbH\\PrivacyIDEA-CP';
const all = (name: string, of: Element = admx) => within(of).filter((element) => element.name === name);
const attribute = (name: string, of: Element = admx) =>
  within(of).flatMap(({ attributes }) => attributes[name] ?? []);
const sorted = (names: Iterable<string>) => [...new Set(names)].toSorted();

/** The first cells of the table under a heading, each of which names entries. */
const rows = page
  .split('| entry | value | why |')[1]
  ?.split('\n\n')[0]
  ?.split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim())) as string[][];
const codesIn = (cell = '') => Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = '']) => name);
const tabled = rows.flatMap(([, names]) => codesIn(names));

/** Also those that it leaves to be switched on. */
const inRegistry = Array.from(
  registry.matchAll(/^(?:; )?"(\w+)"="([^"]*)"\r?$/gm),
  ([, name = '', value = '']) => [name, value],
);

describe('the group policy', () => {
  test('sets every entry of the page, and no other', () => {
    const lists = all('list').map(({ attributes }) => attributes['key']?.slice(key.length + 1) ?? '');
    expect(sorted([...attribute('valueName'), ...lists])).toEqual(sorted(tabled));
  });

  test('writes where the client reads, and text, which is all that it reads', () => {
    expect(sorted(attribute('key'))).toEqual([key, `${key}\\realm-mapping`]);
    expect(registry).toContain(`[HKEY_LOCAL_MACHINE\\${key}]`);
    expect(all('decimal').every(({ attributes }) => attributes['storeAsText'] === 'true')).toBe(true);
    // A value that were a number would be written as one.
    for (const { children } of all('value')) expect(['string', 'delete']).toContain(children[0]?.name);
    for (const { children } of [...all('enabledValue'), ...all('disabledValue')])
      expect(children[0]?.name).toBe('string');
  });

  test('has the values of the registry file', () => {
    const fixed = all('enabledList').flatMap((list) =>
      list.children.map((item) => [item.attributes['valueName'], within(item).at(-1)?.text]),
    );
    const defaults = all('decimal').map(({ attributes }) => [
      attributes['valueName'],
      all('decimalTextBox', adml).find((box) => box.attributes['refId'] === attributes['id'])?.attributes[
        'defaultValue'
      ],
    ]);
    const said = Object.fromEntries(inRegistry);
    for (const [name = '', value] of [...fixed, ...defaults])
      expect([name, said[name]]).toEqual([name, value]);
    expect(fixed.length + defaults.length).toBe(10);
  });

  test('never lets the password be sent, on or off', () => {
    for (const list of [...all('enabledList'), ...all('disabledList')]) {
      const item = list.children.find(
        ({ attributes }) => attributes['valueName'] === 'two_step_send_password',
      );
      expect(item && within(item).at(-1)?.text).toBe('0');
    }
  });

  test('has words for all that the editor shows, and no others', () => {
    const asked = within(admx)
      .flatMap(({ attributes }) => Object.values(attributes))
      .flatMap((value) => /^\$\((string|presentation)\.(\w+)\)$/.exec(value)?.slice(1) ?? []);
    const of = (kind: string) => sorted(asked.filter((_, place) => asked[place - 1] === kind));
    expect(of('string')).toEqual(sorted(all('string', adml).map(({ attributes }) => attributes['id'] ?? '')));
    expect(of('presentation')).toEqual(
      sorted(all('presentation', adml).map(({ attributes }) => attributes['id'] ?? '')),
    );
  });

  test('has a field for each value that is typed', () => {
    for (const policy of all('policy')) {
      const [, shown] = /\.(\w+)\)$/.exec(policy.attributes['presentation'] ?? '') ?? [];
      const presentation = all('presentation', adml).find(({ attributes }) => attributes['id'] === shown);
      const fields = presentation === undefined ? [] : attribute('refId', presentation);
      const elements = all('elements', policy).flatMap(({ children }) => children);
      expect([policy.attributes['name'], fields]).toEqual([
        policy.attributes['name'],
        elements.map(({ attributes }) => attributes['id']),
      ]);
    }
  });
});

test('the registry file has entries of the page alone, with its values', () => {
  const names = inRegistry.map(([name]) => name ?? '');
  expect(names.filter((name) => !tabled.includes(name))).toEqual([]);
  for (const [, cell, value = ''] of rows)
    for (const name of codesIn(cell)) {
      const said = inRegistry.find(([entry]) => entry === name)?.[1];
      if (said !== undefined && /^\d+/.test(value))
        expect([name, said]).toEqual([name, /^\d+/.exec(value)?.[0]]);
    }
  expect(registry).toMatch(/^; "enable_filter"="1"\r?$/m); // last, by hand
});
