/** Finding a challenge in a record, by its key and id. */
import { challengeKeyOf, type KbaChallenge, type OtpChallenge } from './challenge.ts';
import type { UserRecord } from './user-record.ts';

function findIn<C extends OtpChallenge | KbaChallenge>(
  open: C | undefined,
  past: readonly C[],
  challengeKey: string,
  id: string,
): C | undefined {
  if (open?.id === id) return open;
  return past.find(
    (challenge) => challenge.id === id && challengeKeyOf(challenge.client, challenge) === challengeKey,
  );
}

/** The challenge under this id, if the client that asks started it. */
export function findChallenge(
  record: UserRecord | undefined,
  challengeKey: string,
  id: string,
): OtpChallenge | undefined {
  return record && findIn(record.challenges[challengeKey], record.past, challengeKey, id);
}

/** The same of security questions. */
export function findQuestions(
  record: UserRecord | undefined,
  challengeKey: string,
  id: string,
): KbaChallenge | undefined {
  return record && findIn(record.kbaChallenges[challengeKey], record.pastKba, challengeKey, id);
}
