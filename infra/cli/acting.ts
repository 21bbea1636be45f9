/** What an operator says of an act: who, why, where it was asked for, and the proofs that they have. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { once } from './once.ts';

/** The options as the API takes them, but for `proof`, which may be given several times. */
export interface Acting {
  readonly operator?: string;
  readonly reason: string;
  readonly ticket?: string;
  readonly proof?: readonly string[];
}

export const operatorOption = (): Option =>
  once('--operator <NAME>', 'who acts, where the access token does not say');

export const ticketOption = (): Option => once('--ticket <ID>', 'where it was asked for');

export const withActing = (command: Command): Command =>
  command
    .addOption(operatorOption())
    .addOption(once('--reason <TEXT>', 'why').makeOptionMandatory())
    .addOption(ticketOption());

export const proofOption = (): Option =>
  new Option(
    '--proof <TEXT>',
    'from help-desk verify-caller or help-desk approve; once for each proof',
  ).argParser((value: string, before: readonly string[] = []) => {
    if (before.includes(value)) throw new InvalidArgumentError('It is given twice; use it once.');
    return [...before, value];
  });

/** The body of a request. */
export function bodyOf({ proof: proofs, ...acting }: Acting) {
  return { ...acting, ...(proofs === undefined ? {} : { proofs }) };
}
