/** `help-desk report`: what operators did with backup codes, by week: how many, unused, repeated, refused. */
import { Command } from 'commander';
import type { Client } from '../../../shared/client/client.ts';
import { orThrow } from '../../../shared/client/problem.ts';
import type { BackupCodeCounts } from '../../../shared/client/schema.ts';
import { connect } from '../connect.ts';
import { withExamples } from '../examples.ts';
import { print } from '../report.ts';
import { table } from '../table.ts';
import { patience } from '../users/import/patience.ts';
import { type WeekOfOperator, weeksOf } from './weeks.ts';

const pageSize = 100;
const atOnce = 10;

export function reportCommand(): Command {
  const report = new Command('report')
    .description(
      'Codes of each operator by week: made, unused among those that still work, made again for the same person, and ' +
        'refused. It asks for everybody’s codes, and takes as long as an export.',
    )
    .configureHelp({ showGlobalOptions: true })
    .action(async (_, command: Command) => {
      const people: BackupCodeCounts[] = [];
      for await (const counts of everybodysCodes(connect(command, 'admin'))) people.push(counts);
      const weeks = weeksOf(people);
      const text = weeks.length === 0 ? 'No codes were asked for.' : table([heading, ...weeks.map(rowOf)]);
      print(command, { value: { weeks }, text });
    });
  return withExamples(report, 'help-desk report', 'help-desk report --json');
}

const heading = ['week', 'operator', 'codes', 'unused', 'repeated', 'refused'];

const rowOf = ({ week, operator, codes, unused, repeated, refused }: WeekOfOperator): string[] => [
  week,
  operator,
  ...[codes, unused, repeated, refused].map(String),
];

/** Of those who ever had some. */
async function* everybodysCodes(client: Client): AsyncGenerator<BackupCodeCounts> {
  const { follow } = patience();
  for (let cursor: string | undefined; ; ) {
    const query = { limit: pageSize, ...(cursor === undefined ? {} : { cursor }) };
    const page = orThrow(await follow(() => client.request('listUsers', { query })));
    for (let at = 0; at < page.users.length; at += atOnce) {
      const group = page.users.slice(at, at + atOnce);
      const read = await Promise.all(
        group.map(({ userId }) => follow(() => client.request('countBackupCodes', { path: { userId } }))),
      );
      for (const result of read) {
        if (!result.ok && result.problem.code !== 'not-found') orThrow(result);
        if (result.ok && result.value.generations.length + result.value.refusals.length > 0)
          yield result.value;
      }
    }
    if (page.cursor === undefined) return;
    ({ cursor } = page);
  }
}
