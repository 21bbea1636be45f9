/** `restrict recoveries|codes open|closed`: closes recoveries or the help desk's codes for everybody, and opens them. */
import { Argument, Command } from 'commander';
import { orThrow } from '../../../shared/client/problem.ts';
import { type Acting, withActing } from '../acting.ts';
import { connect } from '../connect.ts';
import { withExamples } from '../examples.ts';
import { once } from '../once.ts';
import { fieldLines, print } from '../report.ts';

interface RestrictOptions extends Acting {
  readonly until?: string;
}

const fields = { recoveries: 'recoveries', codes: 'helpDeskCodes' } as const;

export function restrictCommand(): Command {
  const restrict = withActing(
    new Command('restrict')
      .description(
        'Closes recoveries, with security questions, or the codes of the help desk, within seconds.',
      )
      .addArgument(new Argument('<what>', 'what is closed or opened').choices(Object.keys(fields)))
      .addArgument(new Argument('<state>', 'for everybody').choices(['open', 'closed']))
      .addOption(once('--until <TIME>', 'when it opens by itself, for example 2030-01-31T18:00:00Z')),
  )
    .configureHelp({ showGlobalOptions: true })
    .action(
      async (
        what: keyof typeof fields,
        state: 'open' | 'closed',
        { operator, reason, until }: RestrictOptions,
        command: Command,
      ) => {
        const body = { [fields[what]]: state, until, operator, reason };
        const value = orThrow(await connect(command, 'admin').request('restrict', { body }));
        print(command, { value, text: fieldLines(value).join('\n') });
      },
    );
  return withExamples(
    restrict,
    'restrict recoveries closed --operator ada --reason "calls since noon"',
    'restrict codes open --operator ada --reason "all clear"',
  );
}
