/** `help-desk`: what an operator does for somebody who calls. */
import type { Command } from 'commander';
import { group } from '../group.ts';
import { approveCommand } from './approve.ts';
import { codeCommand } from './code.ts';
import { deliveriesCommand } from './deliveries.ts';
import { reportCommand } from './report.ts';
import { verifyCallerCommand } from './verify-caller.ts';

export const helpDeskCommand = (): Command =>
  group('help-desk', 'Verifies callers, makes backup codes, approves, and tells what became of messages.', [
    verifyCallerCommand(),
    codeCommand(),
    approveCommand(),
    deliveriesCommand(),
    reportCommand(),
  ]);
