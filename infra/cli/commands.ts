/** Every command of `npm run mfa`, in the order of its help. A new one is a line here and a folder beside it. */
import type { Command } from 'commander';
import { completionCommand } from './completion/command.ts';
import { policyCommand } from './policy/command.ts';
import { scimCommand } from './scim/command.ts';
import { signInCommand } from './sign-in/command.ts';
import { usersCommand } from './users/command.ts';
import { windowsCommand } from './windows/command.ts';

export const commands: readonly (() => Command)[] = [
  () => policyCommand(),
  usersCommand,
  scimCommand,
  windowsCommand,
  signInCommand,
  completionCommand,
];
