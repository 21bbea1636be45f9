/** Verifying a code: one write records the attempt, and what it returns says whether the attempt won. */

import { authenticAttempt, confirmAttempts } from '../attempts/authentic-attempts.ts';
import { judgeCode } from '../attempts/judge-code.ts';
import { type Exhaustion, exhaustionOf, lockAt } from '../attempts/lockout.ts';
import { type AttemptPorts, reserveAttempt } from '../attempts/reserve-attempt.ts';
import { isExhausted, isOpen } from '../challenge/challenge-state.ts';
import { attemptDigest, fewestDigits } from '../challenge/code.ts';
import { decryptContact } from '../contact/contact.ts';
import { enrolledName } from '../contact/enrolled-name.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { StateKeys } from '../crypto/state-keys.ts';
import { ForgedState } from '../faults.ts';
import { type AssertedPurpose, readChallengeId } from '../identifiers/challenge-id.ts';
import { askedName } from '../names/asked-name.ts';
import type { NamePorts } from '../names/person.ts';
import { forbidsFallback } from '../policy/fallback.ts';
import type { Method } from '../policy/policy.ts';
import { challengeKeyOf, type OtpChallenge } from '../user-record/challenge.ts';
import { findChallenge } from '../user-record/find-challenge.ts';
import type { UserRecord } from '../user-record/user-record.ts';

export interface VerifyPorts extends AttemptPorts, Pick<NamePorts, 'sameNames'> {
  readonly stateKeys: StateKeys;
}

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
  readonly purpose: AssertedPurpose;
  readonly method: Method;
  /** Of the person's number, where the code went to that; for metrics. */
  readonly country?: string | undefined;
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
  readonly purpose: AssertedPurpose;
  /** Of the code under the current key. */
  readonly digest: string;
}

/**
 * One DynamoDB request when the attempt could be recorded, right or wrong, and two when it could not.
 *
 * @throws {ForgedState} where a right code would be one because of what nobody of ours wrote
 */
export async function verifyCode(request: VerifyRequest, ports: VerifyPorts): Promise<VerifyOutcome> {
  const { clock, keyring, policy, stateKeys } = ports;
  if (forbidsFallback(policy)) return { kind: 'fallback-disabled' };
  const { challengeId, client, code } = request;
  const address = readChallengeId(challengeId);
  // A caller's code signs nobody in: the help desk has a route of its own for it.
  if (address?.kind !== 'otp' || address.purpose === 'caller') return { kind: 'challenge-closed' };
  const challengeKey = challengeKeyOf(client, address);
  const digest = attemptDigest(code, challengeId, keyring.current, keyring);
  const located: LocatedRequest = { ...request, challengeKey, purpose: address.purpose, digest };
  if (code.length !== policy.otp.digits) {
    const digits = await digitsOf(located, address.locator, ports);
    if (code.length !== digits) return { kind: 'wrong-length', digits };
  }
  const now = clock.now();
  const { locator } = address;
  const on = { kind: 'challenges', challengeKey, challengeId } as const;
  const made = { digest, key: keyring.current, at: now };
  const attempt = authenticAttempt({ locator, on, request: request.request }, made, stateKeys);
  const recorded = await reserveAttempt(
    {
      locator,
      attempted: { on, client, request: request.request, attempt, newestKey: keyring.newest },
      attemptsIn: (record) => findChallenge(record, challengeKey, challengeId),
      refusalOf: (record) => refusalOf(record, located, now, ports),
    },
    ports,
  );
  return recorded.kind === 'refused' ? recorded.refusal : verdictOf(recorded.record, located, ports);
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
  const { keyring, stateKeys } = ports;
  const judged = judgeCode(record, located, keyring);
  if (judged.kind === 'wrong') {
    const { challenge, attemptsRemaining } = judged;
    return { kind: 'code-rejected', attemptsRemaining, recovery: challenge.recovery };
  }
  if (judged.kind !== 'won') return judged;
  const { challenge, attempt, place } = judged;
  const { purpose, recovery, delivery, maxAttempts } = challenge;
  const userId = enrolledName(record, keyring);
  const name = purpose === 'caller' ? undefined : askedName(challenge, record, ports);
  if (name === undefined || userId === undefined || purpose === 'caller') return { kind: 'challenge-closed' };
  // The write that recorded the attempt asked the same of what stood there then.
  if (attempt.at >= challenge.expiresAt || place >= maxAttempts) throw new ForgedState('challenge');
  confirmChallenge(challenge, located, record, stateKeys);
  return {
    kind: 'verified',
    challengeId: challenge.id,
    userId,
    name,
    user: record.locator,
    purpose,
    method: delivery.method,
    country: delivery.method === 'Email' ? undefined : countryOf(record, keyring),
    recovery,
    at: attempt.at,
  };
}

function countryOf({ enrolment, locator }: UserRecord, keyring: Keyring): string | undefined {
  return enrolment && decryptContact(enrolment.contact, locator, keyring).phone?.country;
}

/**
 * What the code is not bound to. Under the key of another client or purpose the assertion would be another's, and a
 * code of one digit is guessed.
 */
function confirmChallenge(
  challenge: OtpChallenge,
  { client, purpose, challengeKey, challengeId }: LocatedRequest,
  { locator }: UserRecord,
  stateKeys: StateKeys,
): void {
  const isAnothers = challenge.client !== client || challenge.purpose !== purpose;
  if (isAnothers || challenge.digits < fewestDigits) throw new ForgedState('challenge');
  const on = { kind: 'challenges', challengeKey, challengeId } as const;
  confirmAttempts({ locator, on }, challenge, stateKeys);
}

/** Why the write refused; `undefined` when nothing in the record would. */
function refusalOf(
  record: UserRecord,
  { client, challengeKey, challengeId }: LocatedRequest,
  now: number,
  { keyring, policy }: VerifyPorts,
): VerifyOutcome | undefined {
  const challenge = record.challenges[challengeKey];
  if (challenge?.id !== challengeId || !isOpen(challenge, now, keyring)) return { kind: 'challenge-closed' };
  return exhaustionOf(lockAt(client, record, now, policy.lockout), isExhausted(challenge));
}
