/** What asking security questions and checking their answers share. */
import type { Keyring } from './keyring.ts';
import type { Policy } from './policy.ts';
import type { Clock, UserStore } from './ports.ts';
import { type EnrolledQuestion, openQuestions } from './questions.ts';
import type { UserRecord } from './user-record.ts';

export interface KbaPorts {
  readonly users: UserStore;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly policy: Policy;
  /** Ids that may be enrolled; names without questions of their own are asked some of them. */
  readonly questionIds: readonly string[];
}

export function questionsOf(record: UserRecord, keyring: Keyring): readonly EnrolledQuestion[] {
  return record.securityQuestions
    ? openQuestions(record.securityQuestions.sealed, record.locator, keyring)
    : [];
}
