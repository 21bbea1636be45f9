/** Reads codes as people type them: which characters to skip, and which count as digits. */

// Spaces, hyphens and dots of any script, and the marks of direction that come along when a right-to-left message is copied.
const skipped = /[\s\p{Pd}\u00AD\u2212.\uFF0E\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069]/u;
const decimal = /^\p{Nd}$/u;

/**
 * The characters that count, with decimal digits of any script as ASCII digits. Circled and superscript digits (`No`,
 * not `Nd`) stay as they are.
 */
export function normalizeTypedCode(typed: string): string {
  let read = '';
  for (const character of typed) {
    if (skipped.test(character)) continue;
    read += decimal.test(character) ? decimalValue(character.codePointAt(0) as number) : character;
  }
  return read;
}

/** Unicode keeps `Nd` in unbroken runs of ten, from zero to nine, so the place in the run is the value. */
function decimalValue(codePoint: number): number {
  if (codePoint <= 0x39) return codePoint - 0x30;
  let place = 0;
  while (decimal.test(String.fromCodePoint(codePoint - place - 1))) place += 1;
  return place % 10;
}

/** A typed code as ASCII digits; `undefined` if it has any other character that counts. */
export function readTypedCode(typed: string): string | undefined {
  const digits = normalizeTypedCode(typed);
  return /^\d*$/.test(digits) ? digits : undefined;
}
