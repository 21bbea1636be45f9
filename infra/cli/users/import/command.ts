/** `users import FILE`: people from a CSV or NDJSON file, as often as it is run. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { connect } from '../../connect.ts';
import { withExamples } from '../../examples.ts';
import { fromHere } from '../../from-here.ts';
import { print } from '../../report.ts';
import { exitCodes } from '../../run.ts';
import { encodings } from '../rows/decode.ts';
import { type Imported, type ImportOptions, importFile } from './import-file.ts';
import { timeText } from './progress.ts';

export function importCommand(): Command {
  const command = new Command('import')
    .description(
      'Enrols and changes the people of a CSV or NDJSON file. An empty cell keeps what is there, - clears it. ' +
        'Refused rows go to FILE.refused.csv with field and reason. To go on after a stop, run it again.',
    )
    .argument('<file>', 'CSV, or NDJSON by its ending .ndjson')
    .option('--dry-run', 'check every row at the API, and change nothing', false)
    .addOption(new Option('--encoding <NAME>', 'of the file').choices(encodings).default('utf-8'))
    .addOption(
      new Option('--at-once <N>', 'how many people at a time').default(16).argParser((value) => {
        const number = Number(value);
        if (!Number.isInteger(number) || number < 1 || number > 100)
          throw new InvalidArgumentError('Use a whole number from 1 to 100.');
        return number;
      }),
    )
    .configureHelp({ showGlobalOptions: true })
    .action(async (file: string, options: ImportOptions, self: Command) => {
      const imported = await importFile(fromHere(file), options, connect(self, 'admin'));
      print(self, { value: imported, text: textOf(imported) });
      if (imported.refused > 0) process.exitCode = exitCodes.rowsRefused;
    });
  return withExamples(
    command,
    'users import people.csv --dry-run',
    'users import people.csv --encoding windows-1252',
    'users import people.csv.refused.csv',
  );
}

function textOf({
  rows,
  created,
  changed,
  unchanged,
  refused,
  dryRun,
  seconds,
  refusedFile,
}: Imported): string {
  const whole = (count: number) => count.toLocaleString('en');
  const counts = `${whole(created)} new, ${whole(changed)} changed, ${whole(unchanged)} as they were, ${whole(refused)} refused`;
  return [
    ...(dryRun ? ['Dry run: nothing was written.'] : []),
    `${whole(rows)} rows in ${timeText(seconds)}: ${counts}`,
    ...(refusedFile === undefined ? [] : [`Refused rows, with field and reason: ${refusedFile}`]),
  ].join('\n');
}
