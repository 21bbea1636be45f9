/** The README's transcript, pasted into bash against a stack as `npm start` starts it and compared line by line. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stack, startStack } from '../stack.ts';
import { agrees, type Ran, run, transcriptOf } from './transcript.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const steps = transcriptOf(readme);

let stack: Stack;
let ran: Ran[];
beforeAll(async () => {
  stack = await startStack();
  const here = steps.map((step) => ({
    ...step,
    command: step.command.replaceAll('http://127.0.0.1:3000', stack.origin),
  }));
  ran = await run(here);
});
afterAll(() => stack.stop());

test.each(steps.map(({ line, command }, place) => ({ line, command, place })))(
  'line $line prints what it shows: $command',
  ({ line, place }) => {
    const { shown, printed } = ran[place] as Ran;
    const length = Math.max(shown.length, printed.length);
    const differing = Array.from({ length }, (_, at) => at)
      .filter((at) => shown[at] === undefined || !agrees(shown[at], printed[at]))
      .map((at) => ({ line: line + 1 + at, shown: shown[at], printed: printed[at] }));
    expect(differing).toEqual([]);
  },
);

test('covers SMS, email and call, a second use and an expiry', () => {
  const shown = steps.map(({ command, shown: lines }) => [command, ...lines].join('\n')).join('\n');
  for (const part of [
    "method: 'SMS'",
    '"Email"',
    '"Call"',
    'challenge-closed',
    'advanceSeconds',
    '"reset"',
  ]) {
    expect(shown).toContain(part);
  }
});

test('left no code, address or assertion in what the process printed', () => {
  const log = readFileSync(stack.output, 'utf8');
  const seen = ran.flatMap((step) => step.printed).join('\n');
  const codes = [...seen.matchAll(/(?<!\d)\d(?: ?\d){5}(?!\d)/g)].map(([code]) => code.replaceAll(' ', ''));
  const secrets = [...codes, '+12025550123', 'alice@example.com', 'eyJ'];
  expect(codes.length).toBeGreaterThanOrEqual(2);
  expect(log).toContain('code-verified');
  expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
});
