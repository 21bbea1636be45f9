/** `users`: what an administrator does with the people who are enrolled. */
import type { Command } from 'commander';
import { group } from '../group.ts';
import { exportCommand } from './export/command.ts';
import { findCommand } from './find.ts';
import { importCommand } from './import/command.ts';
import { showCommand } from './show.ts';
import { unlockCommand } from './unlock.ts';

export const usersCommand = (): Command =>
  group('users', 'Imports, exports, shows, finds and unlocks people.', [
    importCommand(),
    exportCommand(),
    showCommand(),
    findCommand(),
    unlockCommand(),
  ]);
