/** What may be typed next: commands, options and their values, by walking the program itself. */
import type { Command, Option } from 'commander';

/** @param words what stands after the program's name; the last one is being typed and may be empty */
export function candidates(program: Command, words: readonly string[]): string[] {
  const typed = words.at(-1) ?? '';
  const { command, awaiting } = words.slice(0, -1).reduce(next, { command: program, awaiting: undefined });
  if (awaiting !== undefined) return beginning(awaiting.argChoices ?? [], typed);
  if (typed.startsWith('-'))
    return beginning(
      optionsOf(command).flatMap(({ long }) => long ?? []),
      typed,
    );
  const help = command.createHelp();
  const names = help.visibleCommands(command).map((each) => each.name());
  const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
  return beginning([...names, ...choices], typed);
}

interface Place {
  readonly command: Command;
  /** The option whose value comes next. */
  readonly awaiting: Option | undefined;
}

function next({ command, awaiting }: Place, word: string): Place {
  if (awaiting !== undefined) return { command, awaiting: undefined };
  const option = optionsOf(command).find(({ long, short }) => word === long || word === short);
  if (option !== undefined) return { command, awaiting: option.required ? option : undefined };
  return { command: command.commands.find((each) => each.name() === word) ?? command, awaiting: undefined };
}

/** Those of the commands above it too, since they may stand anywhere. */
function optionsOf(command: Command): Option[] {
  const help = command.createHelp();
  const own = help.visibleOptions(command);
  return command.parent === null ? own : [...own, ...optionsOf(command.parent)];
}

const beginning = (words: readonly string[], typed: string): string[] =>
  Array.from(new Set(words)).filter((word) => word.startsWith(typed));
