/** docs/evidence.md is what the program writes: every row that it knows, with a command that runs. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { catalogue } from './catalogue.ts';
import type { Figure } from './measurement.ts';
import { commandOf, report } from './report.ts';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/evidence.md', root), 'utf8');
const rows = catalogue.flatMap((measurement) => measurement.rows.map((row) => ({ ...row, measurement })));

describe('the page', () => {
  test.each(rows)('has the row $id', ({ promise, how, measurement }) => {
    const lines = page.split('\n').filter((line) => line.startsWith(`| ${promise} |`));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`| ${how} | \`${commandOf(measurement)}\` |`);
  });

  test('has no row that the program does not know', () => {
    const promises = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| --- |'));
    expect(promises.slice(1)).toHaveLength(rows.length);
  });
});

describe('the program', () => {
  test('measures again under the command of each row', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
    const names = catalogue.map(({ name }) => name);
    const commands = [...page.matchAll(/`npm run (\w+) -- --only (\w+)`/g)];
    expect(commands).toHaveLength(rows.length);
    for (const [, script = '', name = ''] of commands) {
      expect(scripts[script]).toBe('node test/evidence/main.ts');
      expect(names).toContain(name);
    }
  });

  test('names each row once', () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(new Set(rows.map(({ promise }) => promise)).size).toBe(rows.length);
  });

  const settings = { quick: true, samples: 1, soakSeconds: 1, seed: 1 };
  const figures = (holds: boolean) =>
    Object.fromEntries(rows.map(({ id }): [string, Figure] => [id, { figure: 'a figure', holds }]));

  test('says where a figure misses its promise', () => {
    const written = (holds: boolean) =>
      report({ measurements: catalogue, figures: figures(holds), machine: 'a machine', settings });
    expect(written(true)).not.toContain('**missed:**');
    expect(written(false).match(/\*\*missed:\*\* a figure/g)).toHaveLength(rows.length);
  });

  test('writes no table with a row that was not measured', () => {
    const without = () => report({ measurements: catalogue, figures: {}, machine: 'a machine', settings });
    expect(without).toThrow('was not measured');
  });
});
