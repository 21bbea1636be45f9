/** `users unlock NAME`: lets a person try again after too many wrong attempts. */
import { Command } from 'commander';
import { orThrow } from '../../../shared/client/problem.ts';
import { connect } from '../connect.ts';
import { withExamples } from '../examples.ts';
import { once } from '../once.ts';
import { print } from '../report.ts';

interface UnlockOptions {
  readonly operator?: string;
  readonly reason: string;
  readonly ticket?: string;
}

export function unlockCommand(): Command {
  const unlock = new Command('unlock')
    .description('Forgets the wrong attempts of a person, so that the next one is allowed.')
    .argument('<name>', 'any name of the person')
    .addOption(once('--operator <NAME>', 'who asks for it, where the access token does not say'))
    .addOption(once('--reason <TEXT>', 'why').makeOptionMandatory())
    .addOption(once('--ticket <ID>', 'where it was asked for'))
    .configureHelp({ showGlobalOptions: true })
    .action(async (userId: string, body: UnlockOptions, command: Command) => {
      orThrow(await connect(command, 'helpdesk').request('unlockUser', { path: { userId }, body }));
      print(command, { value: { userId, unlocked: true }, text: `${userId} may try again.` });
    });
  return withExamples(unlock, 'users unlock alice --operator bob --reason "called from her desk"');
}
