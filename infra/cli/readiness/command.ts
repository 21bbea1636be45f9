/** `readiness`: people whom no code reaches today, and people with one method alone. */
import { Command } from 'commander';
import { orThrow } from '../../../shared/client/problem.ts';
import type { Readiness } from '../../../shared/client/schema.ts';
import { connect } from '../connect.ts';
import { withExamples } from '../examples.ts';
import { print } from '../report.ts';
import { table } from '../table.ts';
import { patience } from '../users/import/patience.ts';

export function readinessCommand(): Command {
  const readiness = new Command('readiness')
    .description('Everybody whom no code reaches today, or one method alone, with the reason.')
    .configureHelp({ showGlobalOptions: true })
    .action(async (_, command: Command) => {
      const client = connect(command, 'admin');
      const { follow } = patience();
      const lockedOut: Readiness['lockedOut'][number][] = [];
      const oneWay: Readiness['oneWay'][number][] = [];
      let cursor: string | undefined;
      do {
        const query = cursor === undefined ? {} : { cursor };
        const page = orThrow(await follow(() => client.request('readReadiness', { query })));
        lockedOut.push(...page.lockedOut);
        oneWay.push(...page.oneWay);
        ({ cursor } = page);
      } while (cursor !== undefined);
      const rows = (people: Readiness['oneWay']) =>
        table(people.map(({ userId, reason }) => [userId, reason]));
      const text = [
        `Locked out: ${lockedOut.length}`,
        rows(lockedOut),
        `One way: ${oneWay.length}`,
        rows(oneWay),
      ].filter((part) => part !== '');
      print(command, { value: { lockedOut, oneWay }, text: text.join('\n') });
    });
  return withExamples(readiness, 'readiness', 'readiness --json');
}
