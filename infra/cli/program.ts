/** The whole command line: its global options, which may stand before the command or after it, and its commands. */
import { Command } from 'commander';
import { suggestion } from '../configuration/problems.ts';
import { commands } from './commands.ts';
import { completeCommand } from './completion/complete.ts';
import { withExamples } from './examples.ts';
import { once } from './once.ts';
import { UsageError } from './usage-error.ts';

/** @param name how it was called: `npm run mfa --` in a checkout */
export function mfaProgram(name: string): Command {
  const program = new Command(name)
    .description(
      'Policy, people and help desk of an MFA fallback, on the local stack of `npm start` unless told otherwise. ' +
        'Then MFA_CLIENT_ID, MFA_CLIENT_SECRET and MFA_TOKEN_URL hold the credentials.',
    )
    .usage('<command> [options]')
    .addOption(once('--api <URL>', 'the API to talk to: the output ApiUrl'))
    .addOption(once('--stage <NAME>', 'the stage that is meant, as it was last deployed from here'))
    .option('--json', 'print one JSON value, for programs')
    .helpOption('-h, --help', 'this text, or with a command what it takes')
    .helpCommand(false)
    .configureHelp({ subcommandTerm: (command) => command.name() });
  for (const command of commands) program.addCommand(command());
  program.addCommand(helpCommand(program));
  program.addCommand(completeCommand(program), { hidden: true });
  return withExamples(program, 'users show alice', 'policy mode', 'users show alice --json');
}

/** Commander's own prints the help of everything for a word that is no command. */
const helpCommand = (program: Command): Command =>
  new Command('help')
    .description('what a command takes')
    .argument('[command...]')
    .action((words: readonly string[]) => {
      words
        .reduce((command, word) => {
          const names = command.commands.map((each) => each.name());
          const named = command.commands.find((each) => each.name() === word);
          if (named !== undefined) return named;
          throw new UsageError(`${word}: there is no such command${suggestion(word, names)}`);
        }, program)
        .outputHelp();
    });
