/** The delivery worker's writes to a user's record. */
import type { Method } from '../policy/policy.ts';
import type { NoticeMessage, OtpMessage } from '../queues/messages.ts';
import type { UserRecord } from '../user-record/user-record.ts';

/** The delivery worker's writes; each is conditional on the send being the challenge's last and, once taken, its own. */
export interface DeliveryStore {
  /** Takes a send that is queued, or whose worker's lease ran out. `undefined` when there is nothing to send. */
  claim(
    message: OtpMessage,
    now: number,
    leaseUntil: number,
    leaseOwner: string,
  ): Promise<UserRecord | undefined>;
  finish(message: OtpMessage, leaseOwner: string, delivery: 'sent' | 'failed'): Promise<void>;
  /** Gives it back after a carrier's passing fault, the `tries`-th; `false` when it is another worker's by now. */
  release(message: OtpMessage, leaseOwner: string, tries: number): Promise<boolean>;
  /** Turns to another method with the same code; `false` when the send is no longer the challenge's last. */
  failOver(
    message: OtpMessage,
    leaseOwner: string,
    method: Method,
    refused: readonly Method[],
  ): Promise<boolean>;
  /** Takes one address of a notice that was not told yet, as `claim` takes a send. */
  claimNotice(
    message: NoticeMessage,
    now: number,
    leaseUntil: number,
    leaseOwner: string,
  ): Promise<UserRecord | undefined>;
  /** Gives it back, to be tried again; nothing where another claim has it. */
  releaseNotice(message: NoticeMessage, leaseOwner: string): Promise<void>;
  /** Notes that an address of a notice needs no other message. The record as it is then, while it has the notice. */
  recordNotified(message: NoticeMessage): Promise<UserRecord | undefined>;
  /** Takes notices off the record. */
  forgetNotices(locator: string, notices: readonly string[]): Promise<void>;
}
