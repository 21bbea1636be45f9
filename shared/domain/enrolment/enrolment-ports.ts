/** What enrolment needs from outside. */
import type { Clock } from '../clock.ts';
import type { NamePorts } from '../names/person.ts';
import type { Policy } from '../policy/policy.ts';
import type { NoticeQueue } from '../queues/messages.ts';

export interface EnrolmentPorts extends NamePorts {
  readonly notices: NoticeQueue;
  readonly clock: Clock;
  readonly policy: Policy;
}
