/** What a challenge's owner sees of it. */

import { addressKindOf } from '../policy/methods.ts';
import type { ChallengeView, OtpChallenge } from '../user-record/challenge.ts';

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
