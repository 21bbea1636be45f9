/** The options of the policy's commands. */
import { type Command, Option } from 'commander';
import { once } from '../once.ts';
import type { Setting } from './settings.ts';

/** Every command takes all of them, so that one that it does not have is told where it belongs. */
export function withChanges(command: Command, setting?: Setting): Command {
  const toggle = (flag: string, about: string) =>
    new Option(flag, about).hideHelp(setting?.toggle === undefined);
  return command
    .addOption(
      new Option('-g, --get', 'print the current value alone, for scripts').conflicts([
        'set',
        'enable',
        'disable',
      ]),
    )
    .addOption(once('-s, --set <VALUE>', 'change it; upper and lower case do not matter'))
    .addOption(toggle('--enable', 'offer it').conflicts('disable'))
    .addOption(toggle('--disable', 'do not offer it'));
}
