/** The schema of a sign-in session's name, which every start takes. */
import * as z from 'zod/mini';

export const mostSessionCharacters = 64;
const shape = `Use 1 to ${mostSessionCharacters} characters that name one sign-in at the client.`;

/** Any text: it is compared as it is, by its hash, and kept nowhere. */
export const session = z
  .string({ error: shape })
  .check(z.refine((text) => text !== '' && Array.from(text).length <= mostSessionCharacters, shape));
