/** `help-desk deliveries NAME`: what became of the last messages of a person. */
import { Command } from 'commander';
import { orThrow } from '../../../shared/client/problem.ts';
import { connect } from '../connect.ts';
import { withExamples } from '../examples.ts';
import { print } from '../report.ts';
import { table } from '../table.ts';

export function deliveriesCommand(): Command {
  const deliveries = new Command('deliveries')
    .description('The last twenty messages of a person within thirty days, newest first; never a code.')
    .argument('<name>', 'any name of the person')
    .configureHelp({ showGlobalOptions: true })
    .action(async (userId: string, _, command: Command) => {
      const client = connect(command, 'helpdesk');
      const value = orThrow(await client.request('readDeliveries', { path: { userId } }));
      const rows = value.deliveries.map(({ at, method, destination, purpose, outcome, reason = '' }) => [
        at,
        method,
        destination,
        purpose,
        outcome,
        reason,
      ]);
      print(command, { value, text: rows.length === 0 ? 'No messages.' : table(rows) });
    });
  return withExamples(deliveries, 'help-desk deliveries alice', 'help-desk deliveries alice --json');
}
