/** What asking security questions and checking their answers share. */

import type { Clock } from './clock.ts';
import type { Keyring } from './keyring.ts';
import type { Policy } from './policy.ts';
import {
  catalogue,
  type EnrolledQuestion,
  openQuestions,
  type QuestionIds,
  sealQuestions,
} from './questions.ts';
import { noHash } from './slow-hash.ts';
import type { UserRecord } from './user-record.ts';
import type { UserStore } from './user-store.ts';

export interface KbaPorts {
  readonly users: UserStore;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly policy: Policy;
  /** Ids of questions that may be enrolled, and of those that might be once. */
  readonly questionIds: QuestionIds;
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
