/** `restrict`: closes recoveries or the help desk's codes for everybody, opens them, and shows what is closed. */
import { Argument, Command } from 'commander';
import { orThrow } from '../../../shared/client/problem.ts';
import { operatorOption } from '../acting.ts';
import { connect } from '../connect.ts';
import { withExamples } from '../examples.ts';
import { once } from '../once.ts';
import { fieldLines, print } from '../report.ts';
import { UsageError } from '../usage-error.ts';

interface RestrictOptions {
  readonly operator?: string;
  readonly reason?: string;
  readonly until?: string;
}

const fields = { recoveries: 'recoveries', codes: 'helpDeskCodes' } as const;
const states = ['open', 'closed'] as const;

export function restrictCommand(): Command {
  const restrict = new Command('restrict')
    .description(
      'Closes recoveries, with security questions, or the codes of the help desk, within seconds. Without words it ' +
        'shows what is closed.',
    )
    .addArgument(new Argument('[what]', 'what is closed or opened').choices(Object.keys(fields)))
    .addArgument(new Argument('[state]', 'for everybody').choices(states))
    .addOption(operatorOption())
    .addOption(once('--reason <TEXT>', 'why; needed for a change'))
    .addOption(once('--until <TIME>', 'when it opens by itself, for example 2030-01-31T18:00:00Z'))
    .configureHelp({ showGlobalOptions: true })
    .action(
      async (
        what: keyof typeof fields | undefined,
        state: (typeof states)[number] | undefined,
        options: RestrictOptions,
        command: Command,
      ) => {
        const body = what === undefined ? undefined : changeOf(what, state, options);
        const client = connect(command, 'admin');
        const value = orThrow(
          await (body === undefined
            ? client.request('readRestrictions', {})
            : client.request('restrict', { body })),
        );
        print(command, { value, text: fieldLines(value).join('\n') });
      },
    );
  return withExamples(
    restrict,
    'restrict',
    'restrict recoveries closed --operator ada --reason "calls since noon"',
    'restrict codes open --operator ada --reason "all clear"',
  );
}

/** @throws UsageError */
function changeOf(
  what: keyof typeof fields,
  state: (typeof states)[number] | undefined,
  { operator, reason, until }: RestrictOptions,
) {
  if (state === undefined) throw new UsageError(`restrict ${what}: say ${states.join(' or ')}`);
  if (reason === undefined) throw new UsageError('--reason: say why');
  return { [fields[what]]: state, until, operator, reason };
}
