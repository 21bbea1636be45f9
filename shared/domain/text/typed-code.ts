/** Codes as people type them: what is skipped, and which characters are digits. */
import { withAsciiDigits } from './digits.ts';
import { withoutInvisible } from './invisible.ts';

const between = /[\s\p{Pd}\u2212.\uFF0E]/gu; // space, hyphen and dot of any script
const inFront = /^[#\uFF03]/; // as the last line of an SMS has it

/** The characters that count, decimal digits of any script as their ASCII ones. Look-alikes stay what they are. */
export function normalizeTypedCode(typed: string): string {
  return withAsciiDigits(withoutInvisible(typed).replace(between, '').replace(inFront, ''));
}

/** A code as people type it, reduced to ASCII digits; `undefined` when anything else is left. */
export function readTypedCode(typed: string): string | undefined {
  const digits = normalizeTypedCode(typed);
  return /^\d*$/.test(digits) ? digits : undefined;
}
