/** How a command is typed, from the program's own name on. */
import type { Command } from 'commander';

/** `npm run policy -- mode`, or whatever the root is called. */
export function callOf(command: Command): string {
  return command.parent === null ? command.name() : `${callOf(command.parent)} ${command.name()}`;
}

/** The same without what npm prints before the value. */
export const callForScripts = (command: Command): string =>
  callOf(command).replace(/^npm run /, 'npm run -s ');
