/** Recording an attempt before anything is compared: the one loop that codes, answers and backup codes share. */
import type { Clock } from '../clock.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { Unavailable } from '../faults.ts';
import type { Policy } from '../policy/policy.ts';
import type { RecordedAttempts } from '../user-record/attempts.ts';
import { hasAttempted } from '../user-record/replays.ts';
import { blankRecord, type UserRecord } from '../user-record/user-record.ts';
import type { AttemptRequest, UserStore } from '../user-record/user-store.ts';
import { reconcileAttempts } from './reconcile-attempts.ts';

export interface AttemptPorts {
  readonly users: UserStore;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly policy: Policy;
}

export interface AttemptToRecord<Refusal> {
  readonly locator: string;
  readonly attempted: AttemptRequest;
  /** The attempts among which this request may already stand; `undefined` when there is nothing to attempt. */
  readonly attemptsIn: (record: UserRecord) => RecordedAttempts | undefined;
  /** Why the write refused, read off the reconciled record; `undefined` when nothing in it would refuse. */
  readonly refusalOf: (reconciled: UserRecord) => Refusal | undefined;
  /**
   * Where a name without a record can be attempted too: the record as it was read, and the one to write when there is
   * none, with the attempt in it.
   */
  readonly unrecorded?: { readonly found: UserRecord | undefined; readonly first: UserRecord };
}

export type RecordedOrRefused<Refusal> =
  /** The attempt is in the record, from this write or from an earlier one of the same request. */
  | { readonly kind: 'recorded'; readonly record: UserRecord }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Rounds of recording again after a race made the user look locked. */
const mostRounds = 4;

/**
 * One conditional write records the attempt: of racing requests each is counted, and none is compared before. When the
 * write refuses, the record says why. An unreconciled success can make a user look locked; then the reconciled record
 * is written for all to see, and the attempt is tried again.
 *
 * One DynamoDB request when the attempt could be recorded, two when it could not, two more for each race.
 */
export async function reserveAttempt<Refusal>(
  { locator, attempted, attemptsIn, refusalOf, unrecorded }: AttemptToRecord<Refusal>,
  { users, clock, keyring, policy }: AttemptPorts,
): Promise<RecordedOrRefused<Refusal>> {
  let isRecordMissing = unrecorded !== undefined && unrecorded.found === undefined;
  for (let round = 0; round < mostRounds; round += 1) {
    const recorded =
      unrecorded && isRecordMissing
        ? await users.recordFirstAttempt(unrecorded.first, attempted)
        : await users.recordAttempt(locator, attempted);
    if (recorded) return { kind: 'recorded', record: recorded };
    const found = await users.read(locator);
    isRecordMissing = unrecorded !== undefined && found === undefined;
    const record = found ?? blankRecord(locator);
    const now = clock.now();
    // Its own repetition recorded it meanwhile, or this very write did and its reply was lost.
    if (hasAttempted(attemptsIn(record), attempted.request, now)) return { kind: 'recorded', record };
    const reconciled = reconcileAttempts(record, keyring, now, policy.lockout);
    const refusal = refusalOf(reconciled);
    if (refusal) return { kind: 'refused', refusal };
    if (found) await users.write(record, reconciled);
  }
  throw new Unavailable('raced-user-record');
}
