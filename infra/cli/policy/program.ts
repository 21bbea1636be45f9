/** The policy's commands as a program of their own. */
import type { Command } from 'commander';
import { policyCommand } from './command.ts';

export const policyProgram = (): Command =>
  policyCommand().name('npm run policy --').option('--json', 'print one JSON value, for programs');
