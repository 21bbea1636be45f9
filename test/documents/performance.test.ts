/** docs/performance.md is what the bench writes, but for its figures. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commandFor, type Measured, report, usualSettings } from '../bench/report.ts';

const page = readFileSync(new URL('../../docs/performance.md', import.meta.url), 'utf8');

const measurement = { cpu: 1, perSecond: 1, p50: 1, p99: 1 };
const row = { operation: 'issue', callers: 1, subject: measurement, floor: measurement } as const;
const operations = ['issue', 'reject', 'verify'] as const;
const measured: Measured = {
  warm: [1, 16, 64].flatMap((callers) => operations.map((operation) => ({ ...row, callers, operation }))),
  cold: Array.from({ length: 10 }, (_, index) => ({ name: `bundle ${index}`, bytes: 1, firstAnswer: 1 })),
  pages: Array.from({ length: 7 }, (_, index) => ({ step: `step ${index}`, bytes: 1, requests: 1 })),
  heaviest: { state: 'code', language: 'en', bytes: 1 },
  machine: 'a machine',
  settings: usualSettings,
};

/** What stays when figures, names of bundles and the machine are others. */
function skeletonOf(text: string): string {
  return text
    .replace(/ on .* × .*?, Node v[\d.]+\. /, ' on a machine. ')
    .replace(/^\| (?!---|(?:issue|reject|verify|function|step) \|).*\|$/gm, '| a row |')
    .replace(/(?:\| a row \|\n?)+/g, '| rows |\n')
    .replace(/`[\w-]+` in `\w\w`/, 'a state in a language')
    .replace(/ --(rounds|requests|cold) \d+/g, '')
    .replace(/, \*\*missed\*\*/g, '')
    .replace(/[\d.]+/g, '0');
}

test('the page is what the program writes, but for its figures', () => {
  expect(skeletonOf(page)).toBe(skeletonOf(report(measured)));
});

test('an aim that is missed is said to be', () => {
  const dear = { ...measurement, cpu: 4 };
  const text = report({ ...measured, warm: measured.warm.map((each) => ({ ...each, subject: dear })) });
  expect(text).toContain('- a verify: 4.00 (4.00 to 4.00), aim 1.5, **missed**');
  expect(report(measured)).not.toContain('missed');
});

test('the command repeats unusual sizes', () => {
  expect(commandFor(usualSettings)).toBe('npm run bench -- --write');
  expect(commandFor({ ...usualSettings, cold: 3 })).toBe('npm run bench -- --write --cold 3');
});
