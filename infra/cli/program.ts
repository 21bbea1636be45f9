/** The whole command line: its global options, which may stand before the command or after it, and its commands. */
import { Command } from 'commander';
import { commands } from './commands.ts';
import { completeCommand } from './completion/complete.ts';
import { withExamples } from './examples.ts';
import { once } from './once.ts';

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
    .helpCommand('help [command]', 'what a command takes')
    .configureHelp({ subcommandTerm: (command) => command.name() });
  for (const command of commands) program.addCommand(command());
  program.addCommand(completeCommand(program), { hidden: true });
  return withExamples(program, 'users show alice', 'policy mode', 'users show alice --json');
}
