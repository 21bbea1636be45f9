/** The house rules: types at their strictest, format, lint, which room may import which, and no export for nobody. */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

function run(command: string, ...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(`node_modules/.bin/${command}`, parameters, {
    encoding: 'utf8',
  });
  return { status, output: status === 0 ? '' : `${stdout}${stderr}` };
}

test('every type checks', () => {
  expect(run('tsc', '--noEmit')).toEqual({ status: 0, output: '' });
});

test('format, lint and import rules hold everywhere', () => {
  expect(run('biome', 'check', '--error-on-warnings')).toEqual({ status: 0, output: '' });
});

test('every value that a file exports is named by another one, or taken with its whole file', () => {
  const read = (path: string) => [path, readFileSync(path, 'utf8')] as const;
  const sources = globSync('{functions,shared,infra,test}/**/*.ts').map(read);
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
      const word = new RegExp(`\\b${name}\\b`);
      return !sources.some(([other, text]) => other !== path && word.test(text));
    });
  expect(forNobody).toEqual([]);
});
