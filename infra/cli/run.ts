/** Runs a command line: what cannot be followed is said in one line, without a stack trace, by an exit code of its own. */
import { type Command, CommanderError, type OutputConfiguration } from 'commander';
import { ClientFault } from '../../shared/client/fault.ts';
import { ProblemError } from '../../shared/client/problem.ts';
import { ConfigurationError } from '../configuration/problems.ts';
import { callOf } from './call.ts';
import { refuseKeptByNpm } from './kept-by-npm.ts';
import { faultText, problemText } from './problem-text.ts';
import { wantsJson } from './report.ts';
import { UsageError } from './usage-error.ts';

/** What a program ends with; docs/command-line.md says what each means. */
export const exitCodes = { refusedByApi: 1, notFollowed: 2, rowsRefused: 3, noAnswer: 4 } as const;

export async function run(program: Command, args: readonly string[]): Promise<void> {
  program.hook('preAction', (_, command) => refuseKeptByNpm(command, process.env));
  try {
    await throwing(program).parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = told(error, program);
  }
}

/** @returns the exit code. @throws what is a fault of ours, with its stack */
function told(error: unknown, program: Command): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.notFollowed; // it has printed
  if (error instanceof ProblemError) {
    console.error(wantsJson(program) ? JSON.stringify(error.problem, null, 2) : problemText(error.problem));
    return exitCodes.refusedByApi;
  }
  if (error instanceof ClientFault) {
    const { api, stage } = program.opts<{ api?: string; stage?: string }>();
    console.error(faultText(error, api === undefined && stage === undefined));
    return exitCodes.noAnswer;
  }
  if (!(error instanceof UsageError || error instanceof ConfigurationError)) throw error;
  console.error(error.message);
  return exitCodes.notFollowed;
}

/** Mounted commands do not inherit what a program is told. */
export function throwing(command: Command, output: OutputConfiguration = {}): Command {
  for (const mounted of command.commands) throwing(mounted, output);
  command.showHelpAfterError(`Next: ${callOf(command)} --help`);
  return command.exitOverride().configureOutput({
    outputError: (message, write) => write(message.replace(/^error: /, '')),
    ...output,
  });
}
