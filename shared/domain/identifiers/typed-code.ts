/** Codes as people type them: what is skipped, and which characters are digits. */

// Space, hyphen and dot of any script, and the marks of direction that a copy of a right-to-left message carries.
const skipped = /[\s\p{Pd}\u00AD\u2212.\uFF0E\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069]/u;
const decimal = /^\p{Nd}$/u;

/**
 * The characters that count, decimal digits of any script as their ASCII ones. Circled and superscript digits are
 * `No`, not `Nd`, and stay what they are.
 */
export function normalizeTypedCode(typed: string): string {
  let read = '';
  for (const character of typed) {
    if (skipped.test(character)) continue;
    read += decimal.test(character) ? decimalValue(character.codePointAt(0) as number) : character;
  }
  return read;
}

/** Unicode keeps `Nd` in unbroken runs of ten that start with zero, so the place in the run is the value. */
function decimalValue(codePoint: number): number {
  if (codePoint <= 0x39) return codePoint - 0x30;
  let place = 0;
  while (decimal.test(String.fromCodePoint(codePoint - place - 1))) place += 1;
  return place % 10;
}

/** A code as people type it, reduced to ASCII digits; `undefined` when anything else is left. */
export function readTypedCode(typed: string): string | undefined {
  const digits = normalizeTypedCode(typed);
  return /^\d*$/.test(digits) ? digits : undefined;
}
