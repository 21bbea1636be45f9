/** The options by which an operator of the help desk says who acts, and why. */
import type { Command } from 'commander';

interface OperatorOptions {
  readonly operator?: string;
  readonly reason: string;
  readonly ticket?: string;
}

export function withOperator(command: Command): Command {
  return command
    .option('--operator <name>', 'who acts; left out where the access token says so')
    .requiredOption('--reason <text>', 'why, for the record')
    .option('--ticket <number>', 'the ticket that this is for');
}

/** The fields of a request's body. */
export function askedBy(command: Command): OperatorOptions {
  const { operator, reason, ticket } = command.opts<OperatorOptions>();
  return { ...(operator && { operator }), reason, ...(ticket && { ticket }) };
}
