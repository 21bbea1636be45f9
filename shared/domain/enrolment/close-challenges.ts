/** Ending what is open when an address or a person goes. */

import { winningGuess } from '../challenge/winning-guess.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { type AddressKind, addressKindOf } from '../policy/methods.ts';
import type { UserRecord } from '../user-record/user-record.ts';

/** Ends what is open for an address that is no longer the user's, and the gap with it. */
export function closeChallenges(
  record: UserRecord,
  changed: readonly AddressKind[],
  now: number,
): UserRecord {
  const challenges = Object.entries(record.challenges).map(([slot, challenge]) => {
    const went = changed.includes(
      challenge.purpose === 'recovery' ? 'alternateEmail' : addressKindOf(challenge.send.method),
    );
    const ended = {
      expiresAt: Math.min(challenge.expiresAt, now),
      resendAt: Math.min(challenge.resendAt, now),
    };
    return [slot, went ? { ...challenge, ...ended } : challenge] as const;
  });
  return { ...record, challenges: Object.fromEntries(challenges) };
}

/** Who is disabled cannot finish what was open, and its client sees nothing change: no code is right any more. */
export function turnToDecoys(record: UserRecord, keyring: Keyring): UserRecord {
  const challenges = Object.entries(record.challenges).map(([slot, challenge]) => {
    const unsolved = winningGuess(challenge, keyring) === undefined;
    const send = { ...challenge.send, genuine: false };
    return [slot, unsolved ? { ...challenge, send } : challenge] as const;
  });
  return { ...record, challenges: Object.fromEntries(challenges) };
}
