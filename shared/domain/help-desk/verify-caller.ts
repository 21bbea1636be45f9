/** The code that a caller read out: a right one gives the operator a proof, once. */
import { judgeCode } from '../attempts/judge-code.ts';
import { type AttemptPorts, reserveAttempt } from '../attempts/reserve-attempt.ts';
import { isExhausted, isOpen } from '../challenge/challenge-state.ts';
import { attemptDigest } from '../challenge/code.ts';
import { winningAttempt } from '../challenge/winning-attempt.ts';
import { hmac128 } from '../crypto/keyring.ts';
import { readChallengeId, slotOf } from '../identifiers/challenge-id.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import { challengeKeyOf, type OtpChallenge } from '../user-record/challenge.ts';
import { findChallenge } from '../user-record/find-challenge.ts';
import { type Decision, updateUser } from '../user-record/update-user.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import { countWrongCode } from './act-limits.ts';
import { newProof, shownProof, withProof } from './proof.ts';

export interface VerifyCallerPorts extends AttemptPorts {
  readonly limiter: RateLimiter;
}

interface TypedCode {
  readonly challengeId: string;
  readonly client: string;
  /** ASCII digits. */
  readonly code: string;
  readonly request: string;
}

export type VerifyCallerOutcome =
  | {
      readonly kind: 'verified';
      readonly user: string;
      /** Who asked for the code, as the log has them; absent where an earlier version sent it. */
      readonly operator?: string | undefined;
      readonly proof: string;
    }
  | { readonly kind: 'code-rejected'; readonly attemptsRemaining: number }
  | { readonly kind: 'attempts-exhausted'; readonly reason: 'challenge' }
  | { readonly kind: 'wrong-length'; readonly digits: number }
  | { readonly kind: 'challenge-closed' | 'conflict' };

const closed = { kind: 'challenge-closed' } as const;

/**
 * The attempt is recorded before the code is compared, and counts against this verification alone: a thief on the phone
 * must not lock the person. A wrong one counts as an act of the operator who asked.
 */
export async function verifyCaller(typed: TypedCode, ports: VerifyCallerPorts): Promise<VerifyCallerOutcome> {
  const { challengeId, client, code, request } = typed;
  const { keyring, clock, users, policy } = ports;
  const address = readChallengeId(challengeId);
  if (address?.kind !== 'otp' || address.purpose !== 'caller') return closed;
  const challengeKey = challengeKeyOf(client, { purpose: 'caller', slot: slotOf({}) });
  if (code.length !== policy.otp.digits) {
    const found = findChallenge(await users.read(address.locator), challengeKey, challengeId);
    const digits = found?.digits ?? policy.otp.digits;
    if (code.length !== digits) return { kind: 'wrong-length', digits };
  }
  const now = clock.now();
  const digest = attemptDigest(code, challengeId, keyring.current, keyring);
  const recorded = await reserveAttempt<VerifyCallerOutcome>(
    {
      locator: address.locator,
      attempted: {
        on: { kind: 'challenges', challengeKey, challengeId },
        client,
        request,
        // No assertion rests on it, so nothing has to vouch for it to who signs.
        attempt: { digest, key: keyring.current, at: now, mac: '' },
        newestKey: keyring.newest,
        isUncounted: true,
      },
      attemptsIn: (record) => findChallenge(record, challengeKey, challengeId),
      refusalOf(record) {
        const challenge = record.challenges[challengeKey];
        if (challenge?.id !== challengeId || !isOpen(challenge, now, keyring)) return closed;
        return isExhausted(challenge) ? { kind: 'attempts-exhausted', reason: 'challenge' } : undefined;
      },
    },
    ports,
  );
  if (recorded.kind === 'refused') return recorded.refusal;
  const { record } = recorded;
  const judged = judgeCode(record, { challengeKey, challengeId, code, digest, request }, keyring);
  switch (judged.kind) {
    case 'won':
      return giveProof(record, challengeKey, challengeId, ports);
    case 'wrong': {
      const { challenge, attemptsRemaining } = judged;
      const operator = challenge.caller?.operator;
      if (operator !== undefined) await countWrongCode({ operator, client }, request, now, ports);
      return { kind: 'code-rejected', attemptsRemaining };
    }
    case 'challenge-closed':
    case 'conflict':
      return judged;
  }
}

/** The proof is made from the challenge: a repetition is told the same one, and revives none that was used. */
async function giveProof(
  record: UserRecord,
  challengeKey: string,
  challengeId: string,
  { users, keyring, clock }: VerifyCallerPorts,
): Promise<VerifyCallerOutcome> {
  const { locator } = record;
  const { outcome } = await updateUser(
    users,
    locator,
    (found): Decision<VerifyCallerOutcome> => {
      const challenge = found.challenges[challengeKey];
      if (challenge?.id !== challengeId || found.enrolment?.enabled !== true) return { outcome: closed };
      const { proof, at } = proofOf(challenge, locator);
      const operator = challenge.caller?.reference;
      const shown = shownProof(proof, locator, keyring);
      const outcome = { kind: 'verified', user: locator, operator, proof: shown } as const;
      if (challenge.proofGiven) return { outcome };
      return {
        outcome,
        after: {
          ...found,
          challenges: { ...found.challenges, [challengeKey]: { ...challenge, proofGiven: true } },
          helpDesk: withProof(found.helpDesk, proof, Math.max(at, clock.now())),
        },
      };
    },
    { from: record },
  );
  return outcome;

  function proofOf(challenge: OtpChallenge, person: string) {
    const winner = winningAttempt(challenge, keyring) ?? 0;
    // Its life begins with the attempt, so that a repetition makes the same proof.
    const { at = 0, key = keyring.current } = challenge.attempts[winner] ?? {};
    const id = hmac128(keyring.key('proof', key), 'caller', person, challenge.id);
    const given = { kind: 'caller', client: challenge.client } as const;
    return { proof: { ...newProof(given, at, keyring, id), key }, at };
  }
}
