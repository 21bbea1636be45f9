/** What a challenge's owner sees of it. */
import { addressKindOf } from '../policy/methods.ts';
import type { ChallengeView, OtpChallenge } from '../user-record/challenge.ts';

/** @param resendAt when the cooldown ends, which other sessions may have begun; epoch milliseconds */
export function viewOf(challenge: OtpChallenge, resendAt = challenge.resendAt): ChallengeView {
  const { id, delivery, masked, methods, promptLocale, digits, expiresAt, maxAttempts, attempts } = challenge;
  return {
    challengeId: id,
    method: delivery.method,
    methods,
    destination: masked[addressKindOf(delivery.method)],
    locale: promptLocale,
    codeLength: digits,
    expiresAt,
    resendAvailableAt: resendAt,
    ...(delivery.status === 'not-sent' ? { isUnsent: true } : {}),
    attemptsRemaining: maxAttempts - attempts.length,
  };
}
