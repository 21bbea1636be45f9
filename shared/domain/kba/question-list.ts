/** The organisation's own questions, which stand in for the built-in catalogue where the stage names them. */
import { ownPrefix } from './catalogue.ts';

export interface ListedQuestion {
  readonly id: string;
  /** By locale; in the default one at least. Absent for a question of the built-in catalogue, which has its wording. */
  readonly text?: Readonly<Record<string, string>> | undefined;
  /** Nobody enrols it any more. Who did goes on answering it, and some names without questions are asked it too. */
  readonly retired?: boolean | undefined;
}

/** How many characters a question has, of the organisation's list or of one user's own. */
export const questionLength = { fewest: 8, most: 200 } as const;

const shape = /^[a-z0-9](?:[a-z0-9-]{1,30}[a-z0-9])$/;

/** Ids that a list may use. One of the built-in catalogue stands for that question. */
export function isListId(id: string): boolean {
  return shape.test(id) && !id.startsWith(ownPrefix);
}
