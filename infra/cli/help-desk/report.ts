/** `help-desk report`: what operators did with backup codes, by week: how many, unused, repeated, refused. */
import { Command } from 'commander';
import type { BackupCodeCounts } from '../../../shared/client/schema.ts';
import { connect } from '../connect.ts';
import { ofEverybody } from '../everybody.ts';
import { withExamples } from '../examples.ts';
import { print } from '../report.ts';
import { table } from '../table.ts';
import { type WeekOfOperator, weeksOf } from './weeks.ts';

export function reportCommand(): Command {
  const report = new Command('report')
    .description(
      'Codes of each operator by week: made, unused among those that still work, made again for the same person, and ' +
        'refused. `reference` is the operator in the log. It asks for everybody’s codes, and takes as long as an export.',
    )
    .configureHelp({ showGlobalOptions: true })
    .action(async (_, command: Command) => {
      const client = connect(command, 'admin');
      const people: BackupCodeCounts[] = [];
      for await (const counts of ofEverybody(client, (path) => client.request('countBackupCodes', { path })))
        if (counts.generations.length + counts.refusals.length > 0) people.push(counts);
      const weeks = weeksOf(people);
      const text = weeks.length === 0 ? 'No codes were asked for.' : table([heading, ...weeks.map(rowOf)]);
      print(command, { value: { weeks }, text });
    });
  return withExamples(report, 'help-desk report', 'help-desk report --json');
}

const heading = ['week', 'operator', 'codes', 'unused', 'repeated', 'refused', 'reference'];

const rowOf = ({ week, operator, codes, unused, repeated, refused, reference }: WeekOfOperator): string[] => [
  week,
  operator,
  ...[codes, unused, repeated, refused].map(String),
  reference ?? '',
];
