/** What pages call a proof runs: every test that they name is one that `npm test` runs, and none is left out of it. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../evidence/catalogue.ts';
import { parts } from '../evidence/small.ts';
import { runFiles } from '../support/projects.ts';
import { pages, root } from './pages.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const all = globSync('test/**/*.test.ts', { cwd: root });

describe('npm test', () => {
  test('runs every test file once, and is all that continuous integration runs', () => {
    expect(runFiles.toSorted()).toEqual(all.toSorted());
    expect(JSON.parse(read('package.json')).scripts.test).toBe('vitest run');
    expect(read('.ci/run').trim().split('\n').at(-1)).toBe('exec npm test');
  });

  test('leaves no test out that stands in a file', () => {
    const leftOut = /\b(?:test|it|describe)(?:\.\w+)*\.(?:skip|todo|only|skipIf|runIf|fails)\b/;
    expect(all.filter((path) => leftOut.test(read(path)))).toEqual([]);
  });
});

/** Files of tests that a page links to, from the root. */
const linkedFrom = ({ path, links }: { readonly path: string; readonly links: readonly string[] }) =>
  links.map((link) => join(dirname(path), link)).filter((target) => target.endsWith('.test.ts'));

const naming = pages().filter((page) => linkedFrom(page).length > 0);

test('the threat model, the standards and decisions are among the pages that name tests', () => {
  const paths = naming.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['docs/threat-model.md', 'docs/standards.md']));
  expect(paths.filter((path) => path.startsWith('docs/decisions/')).length).toBeGreaterThan(0);
});

test.each(naming)('$path names tests that run', (page) => {
  expect(linkedFrom(page).filter((target) => !runFiles.includes(target))).toEqual([]);
});

describe('the evidence', () => {
  test.each(catalogue)('$name is measured in a small size, too', ({ name }) => {
    for (const [place, quick] of ['quick', 'quick-too'].entries()) {
      const path = `test/evidence/${quick}.test.ts`;
      expect(runFiles).toContain(path);
      expect(read(path)).toContain(`test.each(parts[${place}])(`); // each measurement, by its name
    }
    expect(parts.flat().map((each) => each.name)).toContain(name);
    expect(read('docs/evidence.md')).toContain(`npm run evidence -- --only ${name}\``);
  });
});
