/** The house rules: types, format, imports between rooms, no export for nobody, opening sentences, what is fast. */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { runFiles } from './support/projects.ts';
import { oneChecker } from './support/typescript.ts';

function run(command: string, ...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(`node_modules/.bin/${command}`, parameters, {
    encoding: 'utf8',
  });
  return { status, output: status === 0 ? '' : `${stdout}${stderr}` };
}

function importsOf(path: string): string[] {
  const imports = readFileSync(path, 'utf8').matchAll(/(?:from|import\() ?'(\.[^']+\.ts)'/g);
  return Array.from(imports, ([, target = '']) => join(dirname(path), target));
}

test('every type checks', () => {
  expect(run('tsc', '--noEmit', ...oneChecker)).toEqual({ status: 0, output: '' });
});

test('format, lint and import rules hold everywhere', () => {
  // `npm run check` has that rule too. It is slow, and the next test finds the same circles.
  const skipped = '--skip=suspicious/noImportCycles';
  expect(run('biome', 'check', '--error-on-warnings', skipped)).toEqual({ status: 0, output: '' });
});

test('no file imports itself by way of others, be it for a type', () => {
  const seen = new Set<string>();
  const circles: string[] = [];
  const follow = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' > '));
    if (seen.has(path)) return;
    seen.add(path);
    for (const target of importsOf(path)) follow(target, [...way, path]);
  };
  for (const path of globSync('{functions,shared,infra,test}/**/*.ts')) follow(path, []);
  expect(seen.size).toBeGreaterThan(1_000);
  expect(circles).toEqual([]);
});

test('every value that a file exports is named by another one, or taken with its whole file', () => {
  const read = (path: string) => [path, readFileSync(path, 'utf8')] as const;
  const sources = globSync('{functions,shared,infra,test}/**/*.ts').map(read);
  const filesOf = new Map<string, string[]>();
  for (const [path, text] of sources) {
    for (const word of new Set(text.split(/\W+/))) filesOf.set(word, [...(filesOf.get(word) ?? []), path]);
  }
  const whole = sources.flatMap(([, text]) =>
    Array.from(text.matchAll(/import \* as \w+ from '.*\/([\w-]+\.ts)'/g), ([, file]) => file),
  );
  const forNobody = sources
    .filter(([path]) => !path.startsWith('test/') && !whole.some((file) => path.endsWith(`/${file}`)))
    .flatMap(([path, text]) => {
      const names = text.matchAll(/^export (?:const|function|async function|class) (\w+)/gm);
      return Array.from(names, ([, name = '']) => ({ path, name }));
    })
    .filter(({ path, name }) => {
      const naming = filesOf.get(name) ?? [];
      return naming.every((other) => other === path);
    });
  expect(forNobody).toEqual([]);
});

test('every file opens with a sentence', () => {
  const paths = globSync('{functions,shared,infra,test}/**/*.{ts,mjs}');
  expect(paths.length).toBeGreaterThan(200);
  const silent = paths.filter((path) => !/^\/\*\*\s+(?:\* )?\S[^\n]*\s\S/.test(readFileSync(path, 'utf8')));
  expect(silent).toEqual([]);
});

test('what a person waits for after each change starts no process, no thread and no stack', () => {
  const seen = new Set<string>();
  const starting: string[] = [];
  const follow = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const text = readFileSync(path, 'utf8');
    if (/'node:(?:child_process|worker_threads|cluster)'/.test(text)) starting.push(path);
    for (const target of importsOf(path)) follow(target);
  };
  for (const path of runFiles.filter((file) => file.startsWith('test/shared/'))) follow(path);
  expect(seen.size).toBeGreaterThan(80);
  expect(starting).toEqual([]);
});
