/** What a challenge's owner sees of it. */
import { addressKindOf } from '../policy/methods.ts';
import type { ChallengeView, OtpChallenge } from '../user-record/challenge.ts';

export function viewOf(challenge: OtpChallenge): ChallengeView {
  const { id, delivery, masked, methods, locale, digits, expiresAt, resendAt, maxAttempts, attempts } =
    challenge;
  return {
    challengeId: id,
    method: delivery.method,
    methods,
    destination: masked[addressKindOf(delivery.method)],
    locale,
    codeLength: digits,
    expiresAt,
    resendAvailableAt: resendAt,
    attemptsRemaining: maxAttempts - attempts.length,
  };
}
