/** `--replace`: a name that is there already gets another secret where that is said, and not by a slip. */
import { Option } from 'commander';
import { suggestion } from '../configuration/problems.ts';
import { UsageError } from './usage-error.ts';

export const replaceOption = (): Option =>
  new Option(
    '--replace',
    'give a name that is there already a new secret; the old one ends with the deployment',
  );

interface Wanted {
  readonly name: string;
  /** The names that are there. */
  readonly names: readonly string[];
  /** What this one has, if it is there: `its secret`. */
  readonly has: string | undefined;
  readonly replace: boolean | undefined;
}

/** @throws UsageError where one that is there would be replaced unsaid, or one that is not there is to be */
export function checkReplacing({ name, names, has, replace = false }: Wanted): void {
  if (has !== undefined && !replace)
    throw new UsageError(`${name} is there already: with --replace, ${has} with the deployment`);
  if (has === undefined && replace)
    throw new UsageError(`${name} is not there yet: leave --replace out${suggestion(name, names)}`);
}
