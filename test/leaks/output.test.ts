/** Runs after every other test: what all of them sent is searched for in all that was printed. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holds, planted } from '../support/planted.ts';
import { runDirectory } from '../synthesized.ts';

/** The demonstration user's own lines, at start-up, are meant to be read. */
const endOfWelcome = 'Ctrl-C stops it.';

function printed(): { readonly source: string; readonly text: string }[] {
  const folders = readdirSync(runDirectory()).filter((name) => name.startsWith('stack-'));
  const stacks = folders.map((folder) => join(runDirectory(), folder, 'output.log')).filter(existsSync);
  const outputs = stacks.map((file) => {
    const text = readFileSync(file, 'utf8');
    const welcome = text.indexOf(endOfWelcome);
    return {
      source: 'a stack',
      text: welcome < 0 ? text : text.slice(0, text.indexOf('ready ')) + text.slice(welcome),
    };
  });
  const tests = join(runDirectory(), 'printed.log');
  return existsSync(tests)
    ? [...outputs, { source: 'the tests', text: readFileSync(tests, 'utf8') }]
    : outputs;
}

test('log leakage: no code, answer, number or address that was used in this run was printed', () => {
  const secrets = [...planted()];
  const outputs = printed();
  const leaks = outputs.flatMap(({ source, text }) =>
    secrets
      .filter((secret) => holds(text, secret))
      .map((secret) => `${source} printed a value of ${secret.length} characters`),
  );
  expect(leaks).toEqual([]);
  expect(outputs.length > 0 && secrets.length === 0).toBe(false); // a search for nothing would find nothing
});

test('the search finds what is there', () => {
  expect(holds('{"to":"+12025550123"}', '+12025550123')).toBe(true);
  expect(holds('code 123456.', '123456')).toBe(true);
  expect(holds('AE123456xyz 2026-11-23T12:34:56.123456789Z', '123456')).toBe(false);
});
