/** The recovery guide's transcript, run against a started stack and compared line by line. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadStage } from '../../infra/configuration/stage.ts';
import { type Stack, startStack } from '../stack.ts';
import { agrees, type Ran, run, transcriptOf } from './transcript.ts';

const guide = readFileSync(new URL('../../docs/recovery.md', import.meta.url), 'utf8');
const steps = transcriptOf(guide);

test('the questions that it shows are ones that a stage takes', () => {
  const [, shown = ''] = /^```json\n([\s\S]*?)^```$/m.exec(guide) ?? [];
  const overrides = JSON.parse(`{${shown}}`);
  expect(loadStage('production', { overrides }).questions).toEqual(overrides.questions);
});

let stack: Stack;
let ran: Ran[];
beforeAll(async () => {
  stack = await startStack();
  const moved = (command: string) => command.replaceAll('http://127.0.0.1:3000', stack.origin);
  ran = await run(steps.map((step) => ({ ...step, command: moved(step.command) })));
}, 120_000);
afterAll(() => stack.stop());

test.each(steps.map(({ line, command }, place) => ({ line, command, place })))(
  'line $line prints what it shows: $command',
  ({ place }) => {
    const { shown, printed } = ran[place] as Ran;
    expect(printed.length).toBe(shown.length);
    expect(shown.filter((line, at) => !agrees(line, printed[at]))).toEqual([]);
  },
);
