/** A code out of whatever holds it: the digits alone, or a whole message that was pasted. */
import { withAsciiDigits } from './digits.ts';
import { withoutInvisible } from './invisible.ts';
import { readTypedCode } from './typed-code.ts';

const mostCharacters = 4_096; // a long email; what is longer holds no code of ours

/**
 * What was typed, if it is a code by itself. Else the one that the last line of an SMS names (`@host #123456`), else
 * the only run of that many digits. Of two that differ nobody can say which was meant.
 *
 * @returns `length` ASCII digits, or `undefined`: nothing that is worth an attempt
 */
export function readPastedCode(pasted: string, length: number): string | undefined {
  if (pasted.length > mostCharacters) return undefined;
  const typed = readTypedCode(pasted);
  if (typed?.length === length) return typed;
  const text = withAsciiDigits(withoutInvisible(pasted));
  return (
    only(text, `@[\\w.-]{1,253} #(\\d{${length}})(?!\\d)`) ?? only(text, `(?<!\\d)(\\d{${length}})(?!\\d)`)
  );
}

function only(text: string, pattern: string): string | undefined {
  const found = new Set(Array.from(text.matchAll(new RegExp(pattern, 'g')), ([, code]) => code));
  return found.size === 1 ? found.values().next().value : undefined;
}
