/** A word under which commands stand: `users import`, `help-desk code`. */
import { Command } from 'commander';

export function group(name: string, about: string, commands: readonly Command[]): Command {
  const words = new Command(name)
    .description(about)
    .usage('<command> [options]')
    .helpCommand(false)
    .configureHelp({ subcommandTerm: (command) => command.name() });
  for (const command of commands) words.addCommand(command);
  return words;
}
