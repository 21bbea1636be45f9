/** The resend cooldown: one per person, client and purpose, so that more sessions get no more messages. */
import type { Keyring } from '../crypto/keyring.ts';
import { challengesOf, type Group } from '../user-record/slots.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import { winningAttempt } from './winning-attempt.ts';

export interface Cooldown {
  /** Epoch milliseconds; in the past where a message may leave now. */
  readonly until: number;
  /** Messages since the last success or expiry, over all sessions. */
  readonly sendsInRow: number;
}

/** A challenge that was verified ends the cooldown of all that were sent before. */
export function cooldownOf(
  { challenges }: UserRecord,
  group: Group,
  now: number,
  keyring: Keyring,
): Cooldown {
  const sessions = challengesOf(challenges, group);
  const solvedAt = sessions.map((challenge) => {
    const winner = winningAttempt(challenge, keyring);
    return winner === undefined ? 0 : (challenge.attempts[winner]?.at ?? 0);
  });
  const lastSuccess = Math.max(0, ...solvedAt);
  const since = sessions.filter(({ delivery }) => delivery.at > lastSuccess);
  const waiting = since.filter(({ expiresAt }) => expiresAt > now);
  return {
    until: Math.max(lastSuccess, ...since.map(({ resendAt }) => resendAt)),
    sendsInRow: Math.max(0, ...waiting.map(({ sendsInRow }) => sendsInRow)),
  };
}
