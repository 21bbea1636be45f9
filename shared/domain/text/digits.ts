/** Decimal digits of any script, and their values. */

const decimal = /^\p{Nd}$/u;

/**
 * Decimal digits as their ASCII ones. Circled and superscript digits are `No`, not `Nd`, and stay what they are.
 */
export function withAsciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => String(decimalValue(digit.codePointAt(0) as number)));
}

/** Unicode keeps `Nd` in unbroken runs of ten that start with zero, so the place in the run is the value. */
function decimalValue(codePoint: number): number {
  if (codePoint <= 0x39) return codePoint - 0x30;
  let place = 0;
  while (decimal.test(String.fromCodePoint(codePoint - place - 1))) place += 1;
  return place % 10;
}
