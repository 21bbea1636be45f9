/** `help-desk`: what an operator does for somebody who calls. */
import { Command } from 'commander';
import { approveCommand } from './approve.ts';
import { codeCommand } from './code.ts';
import { deliveriesCommand } from './deliveries.ts';
import { reportCommand } from './report.ts';
import { verifyCallerCommand } from './verify-caller.ts';

export const helpDeskCommand = (): Command =>
  new Command('help-desk')
    .description('Verifies callers, makes backup codes, approves, and tells what became of messages.')
    .usage('<command> [options]')
    .helpCommand(false)
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addCommand(verifyCallerCommand())
    .addCommand(codeCommand())
    .addCommand(approveCommand())
    .addCommand(deliveriesCommand())
    .addCommand(reportCommand());
