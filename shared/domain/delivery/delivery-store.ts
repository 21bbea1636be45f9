/** The delivery worker's writes to a user's record, as the domain sees them. */
import type { Method } from '../policy/policy.ts';
import type { NoticeMessage, OtpMessage } from '../queues/messages.ts';
import type { UserRecord } from '../user-record/user-record.ts';

export interface FailOver {
  readonly method: Method;
  /** The methods before it. */
  readonly refused: readonly Method[];
  /** How many attempts the challenge had when it was read. */
  readonly attempts: number;
  /** Only while it counts as sent: of two who hear that it did not arrive, one sends it by another method. */
  readonly wasSent?: true | undefined;
}

/**
 * Each is one conditional write. A write about a code takes effect only while the delivery is the last one of its
 * challenge and, once claimed, while the lease owner is the same. So of racing workers one sends, and a late one
 * changes nothing.
 */
export interface DeliveryStore {
  /** Claims a delivery that is queued, or whose lease ran out. `undefined` if there is nothing to send. */
  claim(
    message: OtpMessage,
    now: number,
    leaseUntil: number,
    leaseOwner: string,
  ): Promise<UserRecord | undefined>;
  /** Ends a delivery for good. */
  finish(message: OtpMessage, leaseOwner: string, delivery: 'sent' | 'failed'): Promise<void>;
  /** Gives a delivery back after the `tries`-th transient fault; `false` if another worker has claimed it by now. */
  release(message: OtpMessage, leaseOwner: string, tries: number): Promise<boolean>;
  /**
   * Fails over to another method, and so to another code; `false` if the delivery is no longer this worker's, or an
   * attempt came between: one that was right must stay so.
   */
  failOver(message: OtpMessage, leaseOwner: string, to: FailOver): Promise<boolean>;
  /** Claims one address of a notice that is still pending, as `claim` does a delivery. */
  claimNotice(
    message: NoticeMessage,
    now: number,
    leaseUntil: number,
    leaseOwner: string,
  ): Promise<UserRecord | undefined>;
  /** Gives the address back, to be tried again; does nothing if another worker has claimed it by now. */
  releaseNotice(message: NoticeMessage, leaseOwner: string): Promise<void>;
  /** Keeps the address from other workers until it is tried again; does nothing if another one has claimed it. */
  holdNotice(message: NoticeMessage, leaseOwner: string, until: number): Promise<void>;
  /** Records that an address is done. The record right after that, or `undefined` if it has no such notice any more. */
  recordNotified(message: NoticeMessage): Promise<UserRecord | undefined>;
  /** Removes notices from the record. */
  forgetNotices(locator: string, notices: readonly string[]): Promise<void>;
}
