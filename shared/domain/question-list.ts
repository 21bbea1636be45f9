/** The organisation's own questions, which stand in for the built-in catalogue where the stage names them. */
import { catalogue, ownPrefix } from './questions.ts';

export interface ListedQuestion {
  readonly id: string;
  /** By locale; in the default one at least. */
  readonly text: Readonly<Record<string, string>>;
}

/** How many characters a question has, of the organisation's list or of one user's own. */
export const questionLength = { fewest: 8, most: 200 } as const;

const shape = /^[a-z0-9](?:[a-z0-9-]{1,30}[a-z0-9])$/;

/**
 * Ids that a list may use. One of the built-in catalogue would give what people answered to that question another
 * wording.
 */
export function isListId(id: string): boolean {
  return shape.test(id) && !id.startsWith(ownPrefix) && !(catalogue as readonly string[]).includes(id);
}
