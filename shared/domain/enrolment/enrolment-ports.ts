/** What enrolment needs from outside. */
import type { Clock } from '../clock.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Policy } from '../policy/policy.ts';
import type { NoticeQueue } from '../queues/messages.ts';
import type { UserStore } from '../user-record/user-store.ts';

export interface EnrolmentPorts {
  readonly users: UserStore;
  readonly notices: NoticeQueue;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly policy: Policy;
}
