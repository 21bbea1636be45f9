/** The schema of a user id, in a body and in a path. */
import * as z from 'zod/mini';
import { isUserId, readUserId } from '../domain/identifiers/user-id.ts';

const shape =
  'Use 1 to 128 letters, digits, punctuation and symbols, with single spaces inside, and none of " / < >.';

const name = z.string({ error: shape }).check(z.refine(isUserId, shape));

/** As it was given, trimmed, without what nobody sees. */
export const userId = z.pipe(
  name,
  z.transform((text: string) => readUserId(text) as string),
);

/** As a client asks for somebody: trimmed and no more, since the assertion says the name again. */
export const askedUserId = z.pipe(
  name,
  z.transform((text: string) => text.trim()),
);

export const userPath = z.object({ userId });
