/** The built-in security questions, and the ids of questions that a person words themselves. */
import { createHash } from 'node:crypto';

/**
 * The vetted catalogue: answers that stay the same, that many values are possible for, and that are not what
 * people publish. The wording in each language is with the other texts.
 */
export const catalogue = [
  'first-teacher',
  'childhood-street',
  'first-job-street',
  'childhood-friend',
  'first-concert',
  'first-car',
  'grandparent-occupation',
  'unfollowed-dream',
  'first-film',
  'childhood-book',
] as const;
export type CatalogueQuestion = (typeof catalogue)[number];

export function isCatalogueQuestion(id: string): id is CatalogueQuestion {
  return (catalogue as readonly string[]).includes(id);
}

/** Begins the ids of questions that are one user's own. */
export const ownPrefix = 'own-';

/** A question of one user's own is known by its wording. */
export function questionIdOf(text: string): string {
  return `${ownPrefix}${createHash('sha256').update(text).digest('base64url').slice(0, 12)}`;
}
