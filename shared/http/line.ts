/** Text that is shown to people: one line, without NUL and other control characters. */
import * as z from 'zod/mini';

const oneLine = /^[^\p{Cc}\p{Zl}\p{Zp}]*$/u;

export function line(fewest: number, most: number, error: string) {
  return z
    .string({ error })
    .check(
      z.minLength(fewest, error),
      z.maxLength(most, error),
      z.regex(oneLine, 'Use one line, without control characters.'),
    );
}
