/** `help-desk code NAME`: makes backup codes, shown this once or sent to the person. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { orThrow } from '../../../shared/client/problem.ts';
import { type Acting, bodyOf, proofOption, withActing } from '../acting.ts';
import { connect } from '../connect.ts';
import { withExamples } from '../examples.ts';
import { print } from '../report.ts';

interface CodeOptions extends Acting {
  readonly kind: 'one-time' | 'static';
  readonly count?: number;
}

export function codeCommand(): Command {
  const code = withActing(
    new Command('code')
      .description('Makes backup codes for a person. They end the older ones of their kind.')
      .argument('<name>', 'any name of the person')
      .addOption(new Option('--kind <KIND>', 'of code').choices(['one-time', 'static']).default('one-time'))
      .option('--count <NUMBER>', 'how many, up to what policy has in a batch', wholeNumber),
  )
    .addOption(proofOption())
    .configureHelp({ showGlobalOptions: true })
    .action(async (userId: string, { kind, count, ...acting }: CodeOptions, command: Command) => {
      const body = { kind, count, ...bodyOf(acting) };
      const client = connect(command, 'helpdesk');
      const made = orThrow(await client.request('generateBackupCodes', { path: { userId }, body }));
      const until = made.expiresAt === undefined ? '' : `, until ${made.expiresAt}`;
      const text =
        made.codes === undefined
          ? `Sent to ${userId} by email${until}.`
          : [`For ${userId}, shown this once${until}:`, ...made.codes.map((each) => `  ${each}`)].join('\n');
      print(command, { value: { userId, ...made }, text });
    });
  return withExamples(
    code,
    'help-desk code alice --operator bob --reason "phone lost" --ticket 4711 --proof PROOF',
    'help-desk code alice --kind static --reason "travels" --proof PROOF --proof PROOF',
  );
}

function wholeNumber(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError('Use a whole number.');
  return Number(text);
}
