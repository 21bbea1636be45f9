/** A code as people type or paste it: also a whole message that holds it. */
import { readTypedCode } from '../../shared/domain/text/typed-code.ts';
import { withAsciiDigits } from '../../shared/domain/text/digits.ts';

/** Longer than any message of ours; what is longer is not looked at. */
const mostCharacters = 2_000;

/**
 * The code's digits: all that was typed, or the one run of as many digits in a pasted text. `undefined` where there is
 * none, or where several could be meant.
 */
export function codeIn(typed: string, digits: number): string | undefined {
  if (typed.length > mostCharacters) return undefined;
  const all = readTypedCode(typed);
  if (all !== undefined) return all.length === digits ? all : undefined;
  const runs = withAsciiDigits(typed).match(/(?<![\d+])\d(?:[ .-]?\d)*(?!\d)/g) ?? [];
  const fitting = new Set(runs.map((run) => run.replace(/\D/g, '')).filter((run) => run.length === digits));
  return fitting.size === 1 ? [...fitting][0] : undefined;
}
