/** The schema of a user id, in a body and in a path. */
import * as z from 'zod/mini';
import { isUserId, readUserId } from '../domain/identifiers/user-id.ts';

const shape =
  'Use 1 to 128 letters, digits, punctuation and symbols, with single spaces inside, and none of " / < >.';

/** As it was given, trimmed, without what nobody sees. */
export const userId = z.pipe(
  z.string({ error: shape }).check(z.refine(isUserId, shape)),
  z.transform((text: string) => readUserId(text) as string),
);

export const userPath = z.object({ userId });
