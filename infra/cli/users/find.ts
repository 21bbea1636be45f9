/** `users find REFERENCE`: whom lines of the log are about, by their `user`. */
import { Command } from 'commander';
import { connect } from '../connect.ts';
import { pagesOfEverybody } from '../everybody.ts';
import { withExamples } from '../examples.ts';
import { fieldLines, print } from '../report.ts';
import { exitCodes } from '../run.ts';

const nobody = 'Nobody has this reference: it is of a name that nobody has, or of somebody who was removed.';

export function findCommand(): Command {
  const find = new Command('find')
    .description('Whose reference it is: the `user` of lines in the log. It asks for the list of everybody.')
    .argument('<reference>', 'as the log has it')
    .configureHelp({ showGlobalOptions: true })
    .action(async (reference: string, _, command: Command) => {
      for await (const users of pagesOfEverybody(connect(command, 'admin'))) {
        const user = users.find((each) => each.reference === reference);
        if (user !== undefined) return print(command, { value: user, text: fieldLines(user).join('\n') });
      }
      console.error(nobody);
      process.exitCode = exitCodes.refusedByApi;
    });
  return withExamples(find, 'users find Kc3mPq7wT0aXv9ZbR2yNdA');
}
