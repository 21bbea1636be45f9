/** An option that is given once. */
import { InvalidArgumentError, Option } from 'commander';

/** The last value would win, and nobody would hear of the first. */
export const once = (flags: string, about: string): Option =>
  new Option(flags, about).argParser((value: string, before?: string) => {
    if (before !== undefined) throw new InvalidArgumentError('It is given twice; use it once.');
    return value;
  });
