/** Ending what is open when an address or a person goes. */
import { winningAttempt } from '../challenge/winning-attempt.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { type AddressKind, addressKindOf } from '../policy/methods.ts';
import type { UserRecord } from '../user-record/user-record.ts';

/**
 * Ends what is open for an address that is no longer the user's, and its resend cooldown. What was solved stays as it
 * was, since its code is bound to its end.
 */
export function closeChallenges(
  record: UserRecord,
  changed: readonly AddressKind[],
  now: number,
  keyring: Keyring,
): UserRecord {
  const challenges = Object.entries(record.challenges).map(([challengeKey, challenge]) => {
    const went = changed.includes(
      challenge.caller?.address ??
        (challenge.purpose === 'recovery' ? 'alternateEmail' : addressKindOf(challenge.delivery.method)),
    );
    const ended = {
      expiresAt: Math.min(challenge.expiresAt, now),
      resendAt: Math.min(challenge.resendAt, now),
    };
    const isOver = went && winningAttempt(challenge, keyring) === undefined;
    return [challengeKey, isOver ? { ...challenge, ...ended } : challenge] as const;
  });
  return { ...record, challenges: Object.fromEntries(challenges) };
}

/** A disabled user cannot finish what was open. Their client sees no change: it is just that no code is right any more. */
export function turnToDecoys(record: UserRecord, keyring: Keyring): UserRecord {
  const challenges = Object.entries(record.challenges).map(([challengeKey, challenge]) => {
    const unsolved = winningAttempt(challenge, keyring) === undefined;
    const send = { ...challenge.delivery, isDeliverable: false };
    return [challengeKey, unsolved ? { ...challenge, delivery: send } : challenge] as const;
  });
  return { ...record, challenges: Object.fromEntries(challenges) };
}
