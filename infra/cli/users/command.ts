/** `users`: what an administrator does with the people who are enrolled. */
import { Command } from 'commander';
import { showCommand } from './show.ts';
import { unlockCommand } from './unlock.ts';

export const usersCommand = (): Command =>
  new Command('users')
    .description('Shows and unlocks people.')
    .usage('<command> [options]')
    .helpCommand(false)
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addCommand(showCommand())
    .addCommand(unlockCommand());
