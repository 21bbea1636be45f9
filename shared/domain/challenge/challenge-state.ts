/** Whether a challenge still takes attempts: one predicate for every rule that asks. */
import type { Keyring } from '../crypto/keyring.ts';
import type { KbaChallenge, OtpChallenge } from '../user-record/challenge.ts';
import { winningAttempt } from './winning-attempt.ts';

/** Somebody gave the right code or the right answers. */
export function isSolved(challenge: OtpChallenge | KbaChallenge, keyring: Keyring): boolean {
  return 'asked' in challenge
    ? challenge.verified !== undefined
    : winningAttempt(challenge, keyring) !== undefined;
}

/** Neither solved nor expired. A superseded challenge no longer stands under its key, and is not asked about here. */
export function isOpen(challenge: OtpChallenge | KbaChallenge, now: number, keyring: Keyring): boolean {
  return challenge.expiresAt > now && !isSolved(challenge, keyring);
}

/** Every attempt that it bears has been made. */
export function isExhausted({ attempts, maxAttempts }: OtpChallenge | KbaChallenge): boolean {
  return attempts.length >= maxAttempts;
}
