/** Single use is decided here: of all attempts that a challenge recorded, the first right one wins, and no other. */
import { sameDigest } from '../crypto/digest.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { OtpChallenge } from '../user-record/challenge.ts';
import { attemptDigest, codeOf } from './code.ts';

/**
 * The place of the winning attempt: the first right one at the code of the current delivery. The conditional write of
 * `recordAttempt` gives each attempt its place; whoever reads the record later finds the same winner. A decoy's
 * attempts are compared like any others, so that the time does not tell it, and none of them wins.
 */
export function winningAttempt(challenge: OtpChallenge, keyring: Keyring): number | undefined {
  const { id, delivery, attempts } = challenge;
  const code = rightCode(challenge, keyring);
  const right = attempts.findIndex(
    ({ digest, key }, place) =>
      place >= delivery.attemptsBefore && sameDigest(digest, attemptDigest(code, id, key, keyring)),
  );
  return delivery.isDeliverable && right >= 0 ? right : undefined;
}

/** The code that the current delivery carries. It is stored nowhere, and computed again each time. */
export function rightCode(challenge: OtpChallenge, keyring: Keyring): string {
  const { id: challengeId, delivery } = challenge;
  return codeOf({ ...challenge, ...delivery, challengeId }, keyring);
}
