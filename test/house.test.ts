/** The house rules that tools hold: types at their strictest, format, lint, and which room may import which. */
import { spawnSync } from 'node:child_process';
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
