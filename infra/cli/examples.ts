/** Examples at the end of a command's help, called as the reader calls it. */
import type { Command } from 'commander';
import { callOf } from './call.ts';

/** @param lines what stands after the name of the program, for example `users show alice` */
export const withExamples = (command: Command, ...lines: readonly string[]): Command =>
  command.addHelpText('after', () => {
    let root = command;
    while (root.parent !== null) root = root.parent;
    return ['\nExamples:', ...lines.map((line) => `  ${callOf(root)} ${line}`)].join('\n');
  });
