/** `users unlock NAME`: lets a person try again after too many wrong attempts. */
import { Command } from 'commander';
import { orThrow } from '../../../shared/client/problem.ts';
import { connect } from '../connect.ts';
import { withExamples } from '../examples.ts';
import { print } from '../report.ts';

export function unlockCommand(): Command {
  const unlock = new Command('unlock')
    .description('Forgets the wrong attempts of a person, so that the next one is allowed.')
    .argument('<name>', 'any name of the person')
    .configureHelp({ showGlobalOptions: true })
    .action(async (userId: string, _, command: Command) => {
      orThrow(await connect(command, 'helpdesk').request('unlockUser', { path: { userId } }));
      print(command, { value: { userId, unlocked: true }, text: `${userId} may try again.` });
    });
  return withExamples(unlock, 'users unlock alice');
}
