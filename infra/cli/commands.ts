/** Every command of `npm run mfa`, in the order of its help. A new one is a line here and a folder beside it. */
import type { Command } from 'commander';
import { clientsCommand } from './clients/command.ts';
import { completionCommand } from './completion/command.ts';
import { doctorCommand } from './doctor/command.ts';
import { explainCommand } from './explain/command.ts';
import { helpDeskCommand } from './help-desk/command.ts';
import { policyCommand } from './policy/command.ts';
import { readinessCommand } from './readiness/command.ts';
import { restrictCommand } from './restrict/command.ts';
import { scimCommand } from './scim/command.ts';
import { signInCommand } from './sign-in/command.ts';
import { usersCommand } from './users/command.ts';
import { validSinceCommand } from './valid-since/command.ts';
import { windowsCommand } from './windows/command.ts';

export const commands: readonly (() => Command)[] = [
  () => policyCommand(),
  usersCommand,
  helpDeskCommand,
  explainCommand,
  readinessCommand,
  restrictCommand,
  clientsCommand,
  scimCommand,
  windowsCommand,
  validSinceCommand,
  signInCommand,
  doctorCommand,
  completionCommand,
];
