/** What a challenge's owner sees of it. */
import type { Keyring } from '../crypto/keyring.ts';
import { addressKindOf } from '../policy/methods.ts';
import type { ChallengeView, OtpChallenge } from '../user-record/challenge.ts';
import { decryptMasks } from './masks.ts';

/**
 * @param locator of its person's record
 * @param resendAt when the cooldown ends, which other sessions may have begun; epoch milliseconds
 */
export function viewOf(
  challenge: OtpChallenge,
  locator: string,
  keyring: Keyring,
  resendAt = challenge.resendAt,
): ChallengeView {
  const { id, delivery, masked, methods, promptLocale, digits, expiresAt, maxAttempts, attempts } = challenge;
  return {
    challengeId: id,
    method: delivery.method,
    methods,
    destination: decryptMasks(masked, locator, keyring)[addressKindOf(delivery.method)],
    locale: promptLocale,
    codeLength: digits,
    expiresAt,
    resendAvailableAt: resendAt,
    ...(delivery.status === 'not-sent' ? { isUnsent: true } : {}),
    attemptsRemaining: maxAttempts - attempts.length,
  };
}
