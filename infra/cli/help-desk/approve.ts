/** `help-desk approve NAME`: a second operator agrees, and hands the proof to the one who acts. */
import { Command, Option } from 'commander';
import { orThrow } from '../../../shared/client/problem.ts';
import { type Acting, withActing } from '../acting.ts';
import { connect } from '../connect.ts';
import { withExamples } from '../examples.ts';
import { print } from '../report.ts';

interface ApproveOptions extends Acting {
  readonly for: 'backup-codes' | 'unlock';
}

export function approveCommand(): Command {
  const approve = withActing(
    new Command('approve')
      .description('Approves of what another operator is about to do. Nobody approves for themselves.')
      .argument('<name>', 'any name of the person whom it is about')
      .addOption(
        new Option('--for <ACT>', 'what is approved')
          .choices(['backup-codes', 'unlock'])
          .default('backup-codes'),
      ),
  )
    .configureHelp({ showGlobalOptions: true })
    .action(async (userId: string, body: ApproveOptions, command: Command) => {
      const client = connect(command, 'helpdesk');
      const { proof } = orThrow(await client.request('approve', { path: { userId }, body }));
      const text = `Proof for whoever acts, for ${body.for} within 15 minutes:\n  ${proof}`;
      print(command, { value: { userId, for: body.for, proof }, text });
    });
  return withExamples(
    approve,
    'help-desk approve alice --operator clara --reason "seen on video"',
    'help-desk approve alice --operator clara --reason "seen on video" --for unlock',
  );
}
