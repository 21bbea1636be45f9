/** `users show NAME`: what is enrolled for a person, and whether an attempt is allowed now. */
import { Command } from 'commander';
import { orThrow } from '../../../shared/client/problem.ts';
import type { User } from '../../../shared/client/schema.ts';
import { connect } from '../connect.ts';
import { withExamples } from '../examples.ts';
import { fieldLines, print } from '../report.ts';

export function showCommand(): Command {
  const show = new Command('show')
    .description('What is enrolled for a person. Answers to questions never come back.')
    .argument('<name>', 'any name of the person')
    .configureHelp({ showGlobalOptions: true })
    .action(async (userId: string, _, command: Command) => {
      const user = orThrow(await connect(command, 'admin').request('readUser', { path: { userId } }));
      print(command, { value: user, text: fieldLines(forPeople(user)).join('\n') });
    });
  return withExamples(show, 'users show alice', 'users show "CORP\\alice" --json');
}

/** Locks in one word each, and the moment of their end. */
function forPeople({ lock, windowsLock, ...user }: User): object {
  return { ...user, lock: inWords(lock), ...(windowsLock && { windowsLock: inWords(windowsLock) }) };
}

function inWords(lock: User['lock']): string {
  if (lock.kind === 'stop') return 'stop: the help desk unlocks';
  return lock.kind === 'wait' ? `wait until ${lock.until}` : lock.kind;
}
