/** Finding a challenge in a record, by its key and id. */

import { type KbaChallenge, type OtpChallenge, slotOf } from './challenge.ts';
import type { UserRecord } from './user-record.ts';

function findIn<C extends OtpChallenge | KbaChallenge>(
  open: C | undefined,
  past: readonly C[],
  slot: string,
  id: string,
): C | undefined {
  if (open?.id === id) return open;
  return past.find(
    (challenge) => challenge.id === id && slotOf(challenge.client, challenge.purpose) === slot,
  );
}

/** The challenge under this id, if the client that asks started it. */
export function findChallenge(
  record: UserRecord | undefined,
  slot: string,
  id: string,
): OtpChallenge | undefined {
  return record && findIn(record.challenges[slot], record.past, slot, id);
}

/** The same of security questions. */
export function findQuestions(
  record: UserRecord | undefined,
  slot: string,
  id: string,
): KbaChallenge | undefined {
  return record && findIn(record.kbaChallenges[slot], record.pastKba, slot, id);
}
