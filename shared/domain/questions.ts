/** Security questions as they are enrolled: which there are, how their answers are hashed, how they are kept. */
import { createHash, randomBytes } from 'node:crypto';
import { normaliseAnswer } from './answers.ts';
import { type Keyring, keyed } from './keyring.ts';
import { openSealed, seal } from './seal.ts';
import { slowHash } from './slow-hash.ts';

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

export interface EnrolledQuestion {
  readonly questionId: string;
  /** Its wording when it was enrolled, where it is not of the built-in catalogue and could be lost. */
  readonly text?: string | undefined;
  readonly salt: string;
  readonly key: number;
  readonly hash: string;
}

export interface QuestionToEnrol {
  readonly questionId: string;
  readonly text?: string | undefined;
  readonly answer: string;
}

/** Begins the ids of questions that are one user's own. */
export const ownPrefix = 'own-';

/** A question of one user's own is known by its wording. */
export function questionIdOf(text: string): string {
  return `${ownPrefix}${createHash('sha256').update(text).digest('base64url').slice(0, 12)}`;
}

export async function enrolQuestion(
  { questionId, text, answer }: QuestionToEnrol,
  keyring: Keyring,
): Promise<EnrolledQuestion> {
  const salt = randomBytes(16).toString('base64url');
  const key = keyring.current;
  return {
    questionId,
    text,
    salt,
    key,
    hash: await slowHash(normaliseAnswer(answer), salt, keyring.key('answer', key)),
  };
}

export function sealQuestions(
  questions: readonly EnrolledQuestion[],
  locator: string,
  keyring: Keyring,
): Uint8Array {
  return seal(questions, locator, keyring);
}

export function openQuestions(
  sealed: Uint8Array,
  locator: string,
  keyring: Keyring,
): readonly EnrolledQuestion[] {
  return openSealed(sealed, locator, keyring) as readonly EnrolledQuestion[];
}

export interface QuestionIds {
  readonly current: readonly string[];
  readonly retired: readonly string[];
}

/**
 * What a name without questions is asked. Where questions were retired, every second name is asked those, as people
 * are who enrolled then: neither kind of question tells that somebody is enrolled.
 */
export function decoyQuestions(
  { current, retired }: QuestionIds,
  count: number,
  locator: string,
  keyring: Keyring,
): readonly string[] {
  const coin = keyed(keyring.key('decoy', keyring.first), 'question-list', locator).readUInt8(0) % 2;
  const ids = coin === 1 && retired.length >= count ? retired : current;
  return chooseQuestions(ids, count, locator, '', keyring);
}

/** As many of them as are asked, in an order that only the key knows. `turn` changes with every success. */
export function chooseQuestions(
  ids: readonly string[],
  count: number,
  locator: string,
  turn: string,
  keyring: Keyring,
) {
  const key = keyring.key('decoy', keyring.first);
  const ranked = ids.map((id) => ({ id, rank: keyed(key, 'question', locator, turn, id) }));
  return ranked
    .sort((one, other) => one.rank.compare(other.rank))
    .slice(0, count)
    .map(({ id }) => id);
}
