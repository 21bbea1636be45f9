/** What a challenge's owner sees of it. */

import type { ChallengeView, OtpChallenge } from './challenge.ts';
import { addressKindOf } from './policy/methods.ts';

export function viewOf(challenge: OtpChallenge): ChallengeView {
  const { id, send, masked, methods, locale, digits, expiresAt, resendAt, attempts, guesses } = challenge;
  return {
    challengeId: id,
    method: send.method,
    methods,
    destination: masked[addressKindOf(send.method)],
    locale,
    codeLength: digits,
    expiresAt,
    resendAvailableAt: resendAt,
    attemptsRemaining: attempts - guesses.length,
  };
}
