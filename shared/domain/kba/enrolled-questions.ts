/** Security questions as they are enrolled: the hash of each answer, sealed together. */

import { randomBytes } from 'node:crypto';
import { noHash, slowHash } from '../crypto/argon2id.ts';
import { openSealed, seal } from '../crypto/encryption.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import { normaliseAnswer } from './answers.ts';
import { catalogue } from './catalogue.ts';

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

const decoySeals = new WeakMap<Keyring, Uint8Array>();

function decoySeal(keyring: Keyring): Uint8Array {
  const found = decoySeals.get(keyring);
  if (found) return found;
  const salt = 'A'.repeat(22);
  const questions = catalogue
    .slice(0, 3)
    .map((questionId) => ({ questionId, salt, key: keyring.current, hash: `${noHash}${salt}${salt}` }));
  const sealed = sealQuestions(questions, '', keyring);
  decoySeals.set(keyring, sealed);
  return sealed;
}

/** Without questions of their own, others are opened and thrown away: the time does not tell. */
export function questionsOf(
  { locator, securityQuestions }: UserRecord,
  keyring: Keyring,
): readonly EnrolledQuestion[] {
  if (securityQuestions) return openQuestions(securityQuestions.sealed, locator, keyring);
  openQuestions(decoySeal(keyring), '', keyring);
  return [];
}
