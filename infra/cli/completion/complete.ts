/** `complete`, which shells call and nobody types: one candidate in each line. */
import { Command } from 'commander';
import { candidates } from './candidates.ts';
import { emptyWord } from './scripts.ts';

export const completeCommand = (program: Command): Command =>
  new Command('complete').argument('[words...]').action((words: string[]) => {
    console.log(
      candidates(
        program,
        words.length === 0 ? [''] : words.map((word) => (word === emptyWord ? '' : word)),
      ).join('\n'),
    );
  });
