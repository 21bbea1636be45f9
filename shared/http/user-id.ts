/** The schema of a user id, in a body and in a path. */
import * as z from 'zod/mini';
import { isUserId } from '../domain/identifiers/user-id.ts';

const shape = 'Use 1 to 128 characters of letters, digits and . _ - @ + \\';

export const userId = z.string({ error: shape }).check(z.refine(isUserId, shape));

export const userPath = z.object({ userId });
