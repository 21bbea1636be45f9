/** What pages name is there: files, anchors, npm scripts, alarms' sections, dependencies. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runbookAnchors } from '../../infra/construct/counted-events.ts';
import { type Page, pages, root } from './pages.ts';

const all = pages();
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const pageAt = (path: string) => all.find((page) => page.path === path) as Page;

test('there are pages to check', () => {
  expect(all.map(({ path }) => path)).toEqual(expect.arrayContaining(['README.md', 'docs/runbook.md']));
});

describe.each(all)('$path', (page) => {
  test('links to files and anchors that exist', () => {
    const broken = page.links.filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page.path : join(dirname(page.path), path);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !pageAt(target)?.anchors.includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test('names files that exist', () => {
    const rooms = /^(?:\.ci|docs|functions|infra|shared|test)(?:\/[\w.-]+)*\/?$/;
    const named = page.code.filter((code) => rooms.test(code));
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('names npm scripts that exist', () => {
    const inCode = page.code.flatMap((code) =>
      Array.from(
        code.matchAll(/\bnpm (?:run (?:-s )?(\w[\w:-]*)|(start|test))\b/g),
        ([, script, short]) => script ?? short,
      ),
    );
    expect(inCode.filter((script) => manifest.scripts[script as string] === undefined)).toEqual([]);
  });
});

test('every section that an alarm names is in the runbook', () => {
  expect(pageAt('docs/runbook.md').anchors).toEqual(expect.arrayContaining([...runbookAnchors]));
});

/** Packages that files import for more than their types, at once or on demand. */
function importedIn(pattern: string): string[] {
  const imports = /^(?:import|export) (?!type\b)[^']*from '([^'.][^']*)'|\bimport\('([^'.][^']*)'\)/gm;
  const names = globSync(pattern, { cwd: root }).flatMap((path) =>
    Array.from(
      readFileSync(join(root, path), 'utf8').matchAll(imports),
      ([, now, late]) => now ?? late ?? '',
    ),
  );
  const packages = names.map((name) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name);
  return [...new Set(packages.filter((name) => !name.startsWith('node:')))].toSorted();
}

test('every runtime dependency has its sentence, and no other has', () => {
  const [, list = ''] = pageAt('docs/architecture.md').text.split('## Runtime dependencies');
  const explained = Array.from(list.matchAll(/^- `([^`]+)`: \S/gm), ([, name]) => name);
  expect(explained.toSorted()).toEqual(importedIn('{functions,shared}/**/*.ts'));
});

test('who installs the package gets what the client imports, and nothing else', () => {
  expect(Object.keys(manifest.dependencies)).toEqual(importedIn('shared/client/*.ts'));
  expect(manifest.optionalDependencies).toBeUndefined();
});

test('every decision opens with what was decided, and is under a page', () => {
  const decisions = all.filter(({ path }) => path.startsWith('docs/decisions/'));
  expect(decisions.length).toBeGreaterThan(0);
  for (const { path, text } of decisions) {
    expect(text.split('\n')[2], path).toMatch(/^\*\*Decision\.\*\* /);
    expect(text.split('\n').length, path).toBeLessThan(60);
  }
});

test('continuous integration runs the test command of the README', () => {
  expect(pageAt('README.md').code).toContain('npm test');
  expect(readFileSync(join(root, '.ci/run'), 'utf8')).toMatch(/^exec npm test$/m);
});
