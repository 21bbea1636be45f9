/** The threat model keeps its word: its items name tests that are there, and every attack that is tested has an item. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { countedEvents } from '../../infra/construct/counted-events.ts';
import { catalogueOf } from './catalogue.ts';
import { pages, root } from './pages.ts';

const page = pages().find(({ path }) => path === 'docs/threat-model.md');
const text = page?.text ?? '';
const attacks = 'test/security';

interface Row {
  readonly name: string;
  readonly shown: readonly { readonly title: string; readonly path: string }[];
}

/** The items of all lists below a heading, down to the next one of the same level, with the tests that they name. */
function rowsUnder(heading: string): Row[] {
  const [, below = ''] = text.split(`\n## ${heading}\n`);
  const [section = ''] = below.split(/\n## /);
  return section
    .split(/\n(?=- )/)
    .slice(1)
    .map((item) => ({
      name: /^- \*\*(.+?)\*\*:/.exec(item)?.[1] ?? item,
      shown: Array.from(item.matchAll(/^ {2}- (.*)$/gm), ([, line = '']) => {
        const [, title = line, path = 'none'] = /^\[([^\]]+)\]\(\.\.\/([^)]+)\)$/.exec(line) ?? [];
        return { title, path };
      }),
    }));
}

const guarantees = rowsUnder('What is guaranteed');
const threats = rowsUnder('Threats');

/** As the first argument of a test or a group of tests; a file may be named as a whole by its name. */
function isShownBy(title: string, path: string): boolean {
  if (!existsSync(join(root, path))) return false;
  if (title === basename(path)) return true;
  const source = readFileSync(join(root, path), 'utf8');
  return [`'${title}',`, `"${title}",`, `\`${title}\`,`].some((literal) => {
    const places = source.split(literal).slice(1);
    return places.some((after) => /^\s*(?:async\b|\(|\{)/.test(after));
  });
}

test('there are guarantees and threats to check', () => {
  expect(guarantees.length).toBeGreaterThan(5);
  expect(threats.length).toBeGreaterThan(50);
  expect(new Set(threats.map(({ name }) => name)).size).toBe(threats.length);
});

describe.each([...guarantees, ...threats])('$name', ({ name, shown }) => {
  test('is shown by tests that are there under these titles', () => {
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.filter(({ title, path }) => !isShownBy(title, path))).toEqual([]);
  });

  test('gives its name to a test among the attacks', () => {
    // Families in folders of their own are named by what fails, not by who makes it fail.
    const here = shown.filter(({ path }) => dirname(path) === attacks);
    const isThreat = threats.some((threat) => threat.name === name);
    const named = here.filter(({ title }) => title.toLowerCase().includes(name.toLowerCase()));
    expect(isThreat && here.length > 0 ? named.length : 1).toBeGreaterThan(0);
  });
});

test('every file of attacks has its item', () => {
  const linked = new Set(threats.flatMap(({ shown }) => shown.map(({ path }) => path)));
  const files = globSync(`${attacks}/**/*.test.ts`, { cwd: root });
  expect(files.filter((path) => !linked.has(path))).toEqual([]);
});

test('every requirement of a standard is met, met on a condition that is named, or not claimed with a reason', () => {
  const { text: standards = '' } = pages().find(({ path }) => path === 'docs/standards.md') ?? {};
  const items = standards
    .split(/\n(?=- |\n)/)
    .filter((item) => /^- \*\*\d/.test(item))
    .map((item) => /^- \*\*([^*]+)\*\* [\s\S]+?\n {2}- ([\s\S]+)$/.exec(item) ?? [item, item, '']);
  expect(items.length).toBeGreaterThan(60);
  const unclear = items.filter(([, , said = '']) => !/^(?:met\.|met[:,]? |not claimed: )/.test(said));
  expect(unclear.map(([, id]) => id)).toEqual([]);
  const unlinked = items.filter(
    ([, , said = '']) => !/ See \[[^\]]+\]\(.+\)$/.test(said.replace(/\s+/g, ' ').trimEnd()),
  );
  expect(unlinked.map(([, id]) => id)).toEqual([]);
});

test('an event that an operator is told to watch is counted, and raises an alarm', () => {
  const events = catalogueOf(readFileSync(join(root, 'shared/log/log.ts'), 'utf8')).map(({ event }) => event);
  const named = events.filter((event) => text.includes(`\`${event}\``));
  expect(named).toContain('user-unlocked');
  const counted: readonly string[] = countedEvents.map(({ event }) => event);
  expect(named.filter((event) => !counted.includes(event))).toEqual([]);
});
