/** The recovery guide's transcripts, compared line by line: one against a started stack, one against a copy of the stages. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadStage } from '../../infra/configuration/stage.ts';
import { borrowStack, type Stack } from '../stack.ts';
import { bundledProgram } from './bundled-program.ts';
import { root } from './pages.ts';
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
const copy = mkdtempSync(join(tmpdir(), 'administrator-'));
beforeAll(async () => {
  // The administrator's commands change files: they get stages of their own.
  cpSync(join(root, 'infra/stages'), join(copy, 'infra/stages'), { recursive: true });
  const program = await bundledProgram('policy/policy.ts', join(copy, 'program'), copy);
  const policy = `(cd ${copy} && ${program}`;
  stack = await borrowStack();
  const moved = (command: string) =>
    command
      .replaceAll('http://127.0.0.1:3000', stack.origin)
      .replace(/^npm run (?:-s )?policy --(.*)$/, (_, words) => `${policy}${words})`);
  ran = await run(steps.map((step) => ({ ...step, command: moved(step.command) })));
});
afterAll(async () => {
  await stack.stop();
  rmSync(copy, { recursive: true });
});

test.each(steps.map(({ line, command }, place) => ({ line, command, place })))(
  'line $line prints what it shows: $command',
  ({ place }) => {
    const { shown, printed } = ran[place] as Ran;
    expect(printed.length).toBe(shown.length);
    expect(shown.filter((line, at) => !agrees(line, printed[at]))).toEqual([]);
  },
);
