/** docs/evidence.md is what the program writes: every row that it knows, with a command that runs. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { catalogue } from './catalogue.ts';
import { commandOf, notMeasured, readReport, report, unwrapped, verdictOf } from './report.ts';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/evidence.md', root), 'utf8');
const rows = catalogue.flatMap((measurement) => measurement.rows.map((row) => ({ ...row, measurement })));

describe('the page', () => {
  test('is what the program writes, figures and runs apart', () => {
    expect(page).toBe(report(catalogue, readReport(catalogue, page)));
  });

  test.each(rows)('has the row $id, how it was measured and the command', ({ promise, how, measurement }) => {
    const sections = unwrapped(page)
      .split('\n## ')
      .filter((section) => section.includes(`\n- **${promise}:** `));
    expect(sections).toHaveLength(1);
    expect(sections[0]).toContain(`\n  - how: ${how}\n`);
    expect(sections[0]).toContain(`\n\`${commandOf(measurement)}\`\n`);
  });

  test('has a figure in every row', () => {
    expect(page).not.toContain(notMeasured);
  });

  test('has no row that the program does not know', () => {
    expect(page.match(/^- \*\*/gm)).toHaveLength(rows.length);
  });
});

describe('the program', () => {
  test('measures again under the command of each section', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
    const names = catalogue.map(({ name }) => name);
    const commands = [...page.matchAll(/`npm run (\w+) -- --only (\w+)`/g)];
    expect(commands).toHaveLength(catalogue.length);
    for (const [, script = '', name = ''] of commands) {
      expect(scripts[script]).toBe('node test/evidence/main.ts');
      expect(names).toContain(name);
    }
  });

  test('names each row once', () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(new Set(rows.map(({ promise }) => promise)).size).toBe(rows.length);
  });

  const evidence = (holds: boolean) => ({
    verdicts: Object.fromEntries(rows.map(({ id }) => [id, verdictOf({ figure: `figure of ${id}`, holds })])),
    runs: Object.fromEntries(catalogue.map(({ name }) => [name, `run of ${name}`])),
  });

  test('says where a figure misses its promise', () => {
    expect(report(catalogue, evidence(true))).not.toContain('**missed:**');
    const missed = unwrapped(report(catalogue, evidence(false))).match(/:\*\* \*\*missed:\*\* figure of /g);
    expect(missed).toHaveLength(rows.length);
  });

  test('reads what it wrote, so that a part can be measured again', () => {
    expect(readReport(catalogue, report(catalogue, evidence(true)))).toEqual(evidence(true));
  });

  test('says of what it has no figure for that it was not measured', () => {
    const written = unwrapped(report(catalogue, { verdicts: {}, runs: {} }));
    expect(written.split(`:** ${notMeasured}`)).toHaveLength(rows.length + 1);
  });
});
