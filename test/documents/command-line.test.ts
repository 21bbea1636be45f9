/** The command line's transcripts, run against a started stack and compared line by line. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mfaProgram } from '../../infra/cli/program.ts';
import { borrowStack, type Stack } from '../stack.ts';
import { bundledProgram } from './bundled-program.ts';
import { root } from './pages.ts';
import { agrees, type Ran, run, transcriptOf } from './transcript.ts';

const page = readFileSync(join(root, 'docs/command-line.md'), 'utf8');
const steps = transcriptOf(page);

let stack: Stack;
let ran: Ran[];
beforeAll(async () => {
  stack = await borrowStack();
  const { port } = new URL(stack.origin);
  const sources = `'${process.execPath}' '${join(root, 'infra/cli/main.ts')}'`;
  const bundle = await bundledProgram('main.ts', mkdtempSync(join(tmpdir(), 'program-')));
  // The first command runs the sources, as npm does; all others what is made of them.
  const here = (command: string, place: number) =>
    command
      .replaceAll(/npm run (?:-s )?mfa --/g, () => `PORT=${port} ${place === 0 ? sources : bundle}`)
      .replaceAll('/project', root);
  ran = await run(steps.map((step, place) => ({ ...step, command: here(step.command, place) })));
});
afterAll(() => stack.stop());

test.each(steps.map(({ line, command }, place) => ({ line, command, place })))(
  'line $line prints what it shows: $command',
  ({ place }) => {
    const { shown, printed } = ran[place] as Ran;
    const length = Math.max(shown.length, printed.length);
    const differing = Array.from({ length }, (_, at) => at)
      .filter((at) => !agrees(shown[at] ?? '', printed[at]))
      .map((at) => ({ shown: shown[at], printed: printed[at] }));
    expect(differing).toEqual([]);
  },
);

test('shows every group of commands', () => {
  const groups = mfaProgram('mfa').commands.map((command) => command.name());
  const shown = groups.filter((name) => page.includes(`mfa -- ${name}`));
  expect(groups.filter((name) => !['complete', 'help'].includes(name) && !shown.includes(name))).toEqual([]);
});
