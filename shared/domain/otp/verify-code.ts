/** Verifying a code: one write records the attempt, and what it returns says whether the attempt won. */
import { type Exhaustion, exhaustionOf, lockOf } from '../attempts/lockout.ts';
import { type AttemptPorts, reserveAttempt } from '../attempts/reserve-attempt.ts';
import { isExhausted, isOpen } from '../challenge/challenge-state.ts';
import { attemptDigest } from '../challenge/code.ts';
import { winningAttempt } from '../challenge/winning-attempt.ts';
import { sameDigest } from '../crypto/digest.ts';
import { type Purpose, readChallengeId } from '../identifiers/challenge-id.ts';
import { askedName } from '../names/asked-name.ts';
import type { NamePorts } from '../names/person.ts';
import { forbidsFallback } from '../policy/fallback.ts';
import type { Method } from '../policy/policy.ts';
import { challengeKeyOf } from '../user-record/challenge.ts';
import { findChallenge } from '../user-record/find-challenge.ts';
import type { UserRecord } from '../user-record/user-record.ts';

export type VerifyPorts = AttemptPorts & Pick<NamePorts, 'sameNames'>;

interface VerifyRequest {
  readonly challengeId: string;
  readonly client: string;
  /** ASCII digits; see `readTypedCode`. */
  readonly code: string;
  /** Names the request, so that its repetition records no second attempt. */
  readonly request: string;
}

interface VerifiedChallenge {
  readonly kind: 'verified';
  readonly challengeId: string;
  /** As enrolled. */
  readonly userId: string;
  /** As the client asked for. */
  readonly name: string;
  /** The user's locator. */
  readonly user: string;
  readonly purpose: Purpose;
  readonly method: Method;
  readonly recovery?: string | undefined;
  /** When the winning attempt was recorded; a repetition of the request gets the same. Epoch milliseconds. */
  readonly at: number;
}

export type VerifyOutcome =
  | VerifiedChallenge
  | {
      readonly kind: 'code-rejected';
      readonly attemptsRemaining: number;
      readonly recovery?: string | undefined;
    }
  | Exhaustion
  /** Not as long as the challenge's code, so a slip and no attempt. */
  | { readonly kind: 'wrong-length'; readonly digits: number }
  | { readonly kind: 'challenge-closed' | 'conflict' | 'fallback-disabled' };

/** What is verified: the request, and its challenge's place in the record. */
interface LocatedRequest extends VerifyRequest {
  readonly challengeKey: string;
  /** Of the code under the current key. */
  readonly digest: string;
}

/** One DynamoDB request when the attempt could be recorded, right or wrong, and two when it could not. */
export async function verifyCode(request: VerifyRequest, ports: VerifyPorts): Promise<VerifyOutcome> {
  const { clock, keyring, policy } = ports;
  if (forbidsFallback(policy)) return { kind: 'fallback-disabled' };
  const { challengeId, client, code } = request;
  const address = readChallengeId(challengeId);
  if (address?.kind !== 'otp') return { kind: 'challenge-closed' };
  const challengeKey = challengeKeyOf(client, address);
  const digest = attemptDigest(code, challengeId, keyring.current, keyring);
  const located: LocatedRequest = { ...request, challengeKey, digest };
  if (code.length !== policy.otp.digits) {
    const digits = await digitsOf(located, address.locator, ports);
    if (code.length !== digits) return { kind: 'wrong-length', digits };
  }
  const now = clock.now();
  const reserved = await reserveAttempt(
    {
      locator: address.locator,
      attempted: {
        on: { kind: 'challenges', challengeKey, challengeId },
        request: request.request,
        attempt: { digest, key: keyring.current, at: now },
        newestKey: keyring.newest,
      },
      attemptsIn: (record) => findChallenge(record, challengeKey, challengeId),
      refusalOf: (record) => refusalOf(record, located, now, ports),
    },
    ports,
  );
  return reserved.kind === 'refused' ? reserved.refusal : verdictOf(reserved.record, located, ports);
}

/** As policy says, but for a challenge that a change of policy found open. */
async function digitsOf(
  { challengeKey, challengeId }: LocatedRequest,
  locator: string,
  { users, policy }: VerifyPorts,
): Promise<number> {
  const record = await users.read(locator);
  const challenge = record && findChallenge(record, challengeKey, challengeId);
  return challenge?.digits ?? policy.otp.digits;
}

/** The verdict on an attempt that is in the record. */
function verdictOf(record: UserRecord, located: LocatedRequest, ports: VerifyPorts): VerifyOutcome {
  const { keyring } = ports;
  const challenge = findChallenge(record, located.challengeKey, located.challengeId);
  const place = challenge?.requests.indexOf(located.request) ?? -1;
  const attempt = challenge?.attempts[place];
  if (challenge === undefined || attempt === undefined) return { kind: 'challenge-closed' };
  // Nearly always recorded a moment ago by this same call.
  const digest =
    attempt.key === keyring.current
      ? located.digest
      : attemptDigest(located.code, challenge.id, attempt.key, keyring);
  if (!sameDigest(attempt.digest, digest)) return { kind: 'conflict' };
  const { id: challengeId, purpose, recovery, delivery, maxAttempts } = challenge;
  const winner = winningAttempt(challenge, keyring);
  if (winner === undefined || winner > place) {
    return { kind: 'code-rejected', attemptsRemaining: maxAttempts - place - 1, recovery };
  }
  const name = winner < place ? undefined : askedName(challenge, record, ports);
  if (name === undefined || record.enrolment === undefined) return { kind: 'challenge-closed' };
  return {
    kind: 'verified',
    challengeId,
    userId: record.enrolment.userId,
    name,
    user: record.locator,
    purpose,
    method: delivery.method,
    recovery,
    at: attempt.at,
  };
}

/** Why the write refused; `undefined` when nothing in the record would. */
function refusalOf(
  record: UserRecord,
  { challengeKey, challengeId }: LocatedRequest,
  now: number,
  { keyring, policy }: VerifyPorts,
): VerifyOutcome | undefined {
  const challenge = record.challenges[challengeKey];
  if (challenge?.id !== challengeId || !isOpen(challenge, now, keyring)) return { kind: 'challenge-closed' };
  return exhaustionOf(lockOf(record, now, policy.lockout), isExhausted(challenge));
}
