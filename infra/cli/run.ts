/** Runs a command line: what cannot be followed is said in one line, without a stack trace, and exits with 2. */
import { type Command, CommanderError, type OutputConfiguration } from 'commander';
import { ConfigurationError } from '../configuration/problems.ts';
import { UsageError } from './usage-error.ts';

const refused = 2;

export async function run(program: Command, args: readonly string[]): Promise<void> {
  try {
    await throwing(program).parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : refused; // commander has printed its message
      return;
    }
    if (!(error instanceof UsageError || error instanceof ConfigurationError)) throw error;
    console.error(error.message);
    process.exitCode = refused;
  }
}

/** Mounted commands do not inherit what a program is told. */
export function throwing(command: Command, output: OutputConfiguration = {}): Command {
  for (const mounted of command.commands) throwing(mounted, output);
  return command.exitOverride().configureOutput({
    outputError: (message, write) => write(message.replace(/^error: /, '')),
    ...output,
  });
}
