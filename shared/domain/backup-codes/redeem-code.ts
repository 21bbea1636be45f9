/** Redeeming a backup code: each works once, however many requests race. */
import { authenticAttempt, confirmAttempts } from '../attempts/authentic-attempts.ts';
import { listsOf } from '../attempts/counted-apart.ts';
import { type Exhaustion, exhaustionOf, lockAt } from '../attempts/lockout.ts';
import { reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import { reserveAttempt } from '../attempts/reserve-attempt.ts';
import { enqueueNotices } from '../contact/notices.ts';
import { sameDigest } from '../crypto/digest.ts';
import { hmac128, type Keyring } from '../crypto/keyring.ts';
import { isAnonymous } from '../identifiers/client.ts';
import { forbidsFallback } from '../policy/fallback.ts';
import type { Policy } from '../policy/policy.ts';
import { hasAttempted } from '../user-record/replays.ts';
import { updateUser } from '../user-record/update-user.ts';
import { blankRecord, type UserRecord } from '../user-record/user-record.ts';
import type { AttemptRequest } from '../user-record/user-store.ts';
import {
  decideRedemption,
  earlierRedemption,
  type RedeemedCode,
  type RedeemPorts,
  type RedeemRequest,
} from './decide-redemption.ts';
import { findMatch } from './find-match.ts';

export type RedeemOutcome =
  | RedeemedCode
  /** `wasRight`: of a code that another request redeemed, now or earlier. The client is not told. */
  | { readonly kind: 'code-rejected'; readonly attemptsRemaining: number; readonly wasRight?: true }
  | Exhaustion
  | { readonly kind: 'challenge-closed' | 'conflict' | 'fallback-disabled' };

const on = { kind: 'codeAttempts' } as const;

/**
 * Records the attempt before anything is compared. The write that marks the code as used decides between requests that
 * race. For a person who was found, one DynamoDB request for a wrong code, two for a right one, and two where the
 * attempt could not be recorded.
 *
 * @throws {ForgedState} where a code would be right because of what nobody of ours wrote
 */
export async function redeemCode(request: RedeemRequest, ports: RedeemPorts): Promise<RedeemOutcome> {
  const { policy, keyring, clock, stateKeys } = ports;
  if (policy.securityCodes === 'none' || forbidsFallback(policy)) return { kind: 'fallback-disabled' };
  const { client, person } = request;
  const { key: locator, record: found } = person;
  const now = clock.now();
  if (hasAttempted(found.codeAttempts, request.request, now)) return verdictOf(found, request, ports);
  if (request.onlyReplay) return { kind: 'challenge-closed' };
  const { current: key } = keyring;
  const made = { digest: attemptDigest(request, key, keyring), key, at: now, client };
  const attempted: AttemptRequest = {
    on,
    client,
    request: request.request,
    attempt: authenticAttempt({ locator, on, request: request.request }, made, stateKeys),
    newestKey: keyring.newest,
  };
  const recorded = await reserveAttempt(
    {
      locator,
      attempted,
      attemptsIn: ({ codeAttempts }) => codeAttempts,
      refusalOf: (record) => exhaustionOf(lockAt(client, record, now, policy.lockout), false),
      // A name without a record gets one that looks as if it had always been there, attempt and all.
      unrecorded: { found: found.revision === 0 ? undefined : found, first: firstRecord(locator, attempted) },
    },
    ports,
  );
  return recorded.kind === 'refused' ? recorded.refusal : verdictOf(recorded.record, request, ports);
}

function firstRecord(locator: string, { client, request, attempt }: AttemptRequest): UserRecord {
  return {
    ...blankRecord(locator),
    newestKey: attempt.key,
    codeAttempts: { requests: [request], attempts: [attempt], reconciledUpTo: 0 },
    [listsOf(client).failed]: [attempt.at],
    consecutiveFailures: 1,
    anonymousConsecutiveFailures: isAnonymous(client) ? 1 : 0,
  };
}

/** The verdict on an attempt that is in the record; a repetition of the request comes to the same. */
async function verdictOf(
  record: UserRecord,
  request: RedeemRequest,
  ports: RedeemPorts,
): Promise<RedeemOutcome> {
  const { users, keyring, policy, stateKeys } = ports;
  const { person, client, code } = request;
  const { requests, attempts } = record.codeAttempts;
  const attempt = attempts[requests.indexOf(request.request)];
  if (attempt === undefined || !sameDigest(attempt.digest, attemptDigest(request, attempt.key, keyring))) {
    return { kind: 'conflict' };
  }
  const match = await findMatch(record, code, keyring, policy);
  // Also when its batch has ended since.
  const earlier = earlierRedemption(record, request, attempt.at, ports);
  if (earlier) {
    await enqueueNotices(person.key, record, ports); // the first request's notice may never have been queued
    return earlier;
  }
  const rejected = () => {
    const reconciled = reconcileAttempts(record, keyring, attempt.at, policy.lockout);
    const failed = reconciled[listsOf(client).failed];
    const attemptsRemaining = attemptsBeforeWait(failed, attempt.at, policy);
    return { kind: 'code-rejected', attemptsRemaining } as const;
  };
  if (match === undefined || record.enrolment?.enabled !== true) return rejected();
  // The time of this one is what the assertion will say.
  const own = { requests: [request.request], attempts: [attempt] };
  confirmAttempts({ locator: person.key, on }, own, stateKeys);
  const isSame = ({ digest, key }: { digest: string; key: number }) =>
    sameDigest(digest, attemptDigest(request, key, keyring));
  const { outcome, record: latest } = await updateUser(
    users,
    person.key,
    (current) => decideRedemption(current, { match, request, at: attempt.at, isSame }, ports),
    { from: record },
  );
  await enqueueNotices(person.key, latest, ports);
  return outcome ?? { ...rejected(), wasRight: true };
}

/** As many as there were right after the attempt, so that a repetition is answered alike. */
function attemptsBeforeWait(failed: readonly number[], at: number, { lockout }: Policy): number {
  const since = at - lockout.windowSeconds * 1000;
  const inWindow = failed.filter((time) => time <= at && time > since).length;
  return Math.max(0, lockout.attemptsBeforeWait - inWindow);
}

function attemptDigest(
  { code, person, recovery = '' }: RedeemRequest,
  key: number,
  keyring: Keyring,
): string {
  return hmac128(keyring.key('guess', key), 'backup-code', person.key, recovery, code);
}
