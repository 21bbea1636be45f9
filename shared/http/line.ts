/** Text that is shown to people: one line, without NUL and other control characters. */
import * as z from 'zod/mini';
import { hasLostCharacter } from '../domain/text/lost.ts';

const oneLine = /^[^\p{Cc}\p{Zl}\p{Zp}]*$/u;

/** An escape brings one in where a program decoded a file wrongly and encodes it rightly. */
export const nothingLost = z.refine<string>(
  (text) => !hasLostCharacter(text),
  'A character was lost before this was sent (U+FFFD). Read its source in its own encoding and send it again.',
);

export function line(fewest: number, most: number, error: string) {
  return z
    .string({ error })
    .check(
      z.minLength(fewest, error),
      z.maxLength(most, error),
      z.regex(oneLine, 'Use one line, without control characters.'),
      nothingLost,
    );
}
