/** `users unlock NAME`: lets a person try again after too many wrong attempts, or after they stopped the fallback. */
import { Command } from 'commander';
import { orThrow } from '../../../shared/client/problem.ts';
import { type Acting, bodyOf, proofOption, withActing } from '../acting.ts';
import { connect } from '../connect.ts';
import { withExamples } from '../examples.ts';
import { print } from '../report.ts';

export function unlockCommand(): Command {
  const unlock = withActing(
    new Command('unlock')
      .description('Forgets the wrong attempts of a person, and a stop, so that the next attempt is allowed.')
      .argument('<name>', 'any name of the person'),
  )
    .addOption(proofOption())
    .configureHelp({ showGlobalOptions: true })
    .action(async (userId: string, acting: Acting, command: Command) => {
      const body = bodyOf(acting);
      orThrow(await connect(command, 'helpdesk').request('unlockUser', { path: { userId }, body }));
      print(command, { value: { userId, unlocked: true }, text: `${userId} may try again.` });
    });
  return withExamples(
    unlock,
    'users unlock alice --operator bob --reason "called from her desk"',
    'users unlock alice --operator bob --reason "called from her desk" --proof PROOF',
  );
}
