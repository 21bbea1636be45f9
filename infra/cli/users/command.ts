/** `users`: what an administrator does with the people who are enrolled. */
import { Command } from 'commander';
import { exportCommand } from './export/command.ts';
import { importCommand } from './import/command.ts';
import { showCommand } from './show.ts';
import { unlockCommand } from './unlock.ts';

export const usersCommand = (): Command =>
  new Command('users')
    .description('Imports, exports, shows and unlocks people.')
    .usage('<command> [options]')
    .helpCommand(false)
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addCommand(importCommand())
    .addCommand(exportCommand())
    .addCommand(showCommand())
    .addCommand(unlockCommand());
