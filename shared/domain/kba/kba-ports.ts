/** What asking security questions and checking their answers need. */
import type { Clock } from '../clock.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { StateKeys } from '../crypto/state-keys.ts';
import type { NamePorts } from '../names/person.ts';
import type { Policy } from '../policy/policy.ts';
import type { NoticeQueue } from '../queues/messages.ts';
import type { UserStore } from '../user-record/user-store.ts';
import type { QuestionIds } from './choose-questions.ts';

export interface AnswerPorts extends Pick<NamePorts, 'sameNames'> {
  readonly users: UserStore;
  readonly notices: NoticeQueue;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly stateKeys: StateKeys;
  readonly policy: Policy;
}

/** Asking also chooses. */
export interface KbaPorts extends AnswerPorts {
  /** Ids of questions that may be enrolled, and of those that might be once. */
  readonly questionIds: QuestionIds;
}
