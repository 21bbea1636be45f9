/** `explain NAME`: what a person would be offered now, and what decides where it is not. */
import { Command } from 'commander';
import { orThrow } from '../../../shared/client/problem.ts';
import type { Explanation } from '../../../shared/client/schema.ts';
import { connect } from '../connect.ts';
import { withExamples } from '../examples.ts';
import { print } from '../report.ts';
import { table } from '../table.ts';

export function explainCommand(): Command {
  const explain = new Command('explain')
    .description('What a person would be offered now, and the field or fact that decides where it is not.')
    .argument('<name>', 'any name of the person')
    .configureHelp({ showGlobalOptions: true })
    .action(async (userId: string, _, command: Command) => {
      const client = connect(command, 'helpdesk');
      const value = orThrow(await client.request('explainUser', { path: { userId } }));
      print(command, { value, text: table(rowsOf(value)) });
    });
  return withExamples(explain, 'explain alice', 'explain "CORP\\alice" --json');
}

type Offer = Explanation['methods'][number] | Explanation['recoveryPaths'][number];

function rowsOf({ methods, recoveryPaths, backupCodes, helpDesk }: Explanation): string[][] {
  const { callerVerification, acts } = helpDesk;
  return [
    ...methods.map((each) => row(`method ${each.method}`, each, each.destination)),
    ...recoveryPaths.map((each) => row(`recovery ${each.path}`, each)),
    ...backupCodes.map((each) => row(`backup codes ${each.kind}`, each, `${each.remaining} left`)),
    row('help desk verify-caller', callerVerification, callerVerification.destination),
    ...acts.map(({ act, proofs, ...each }) => row(`help desk ${act}`, each, proofsText(proofs))),
  ];
}

function proofsText({ caller, approval }: { readonly caller: number; readonly approval: number }): string {
  const needed = [
    ...(caller > 0 ? ['the caller'] : []),
    ...(approval > 0 ? [approval === 1 ? 'an approval' : `${approval} approvals`] : []),
  ];
  return needed.length === 0 ? 'needs no proof' : `needs ${needed.join(' and ')}`;
}

function row(
  what: string,
  { offered, decidedBy, detail = '', until }: Pick<Offer, 'offered' | 'decidedBy' | 'detail' | 'until'>,
  more = '',
): string[] {
  if (offered) return [what, 'yes', more];
  return [what, 'no', `${decidedBy ?? ''}: ${detail}${until === undefined ? '' : ` Until ${until}.`}`];
}
