/** Whether a recovery's step was answered and the next one is still to come: what a client is told to wait for. */
import { readChallengeId } from '../identifiers/challenge-id.ts';
import { challengeKeyOf } from '../user-record/challenge.ts';
import { findQuestions } from '../user-record/find-challenge.ts';
import type { UserStore } from '../user-record/user-store.ts';
import type { Recovery } from './recovery.ts';

/** Questions and backup codes take a DynamoDB request. Of a code, the challenge itself says so. */
export async function isStepOnItsWay(
  { id, client, person, path, status, step }: Recovery,
  { users }: { readonly users: UserStore },
): Promise<boolean> {
  if (status !== 'pending') return false;
  switch (step?.type) {
    case undefined:
      return true;
    case 'choose':
      return path !== undefined;
    case 'kba': {
      const address = readChallengeId(step.challengeId);
      const record = address && (await users.read(address.locator));
      if (address === undefined || record === undefined) return false;
      const challengeKey = challengeKeyOf(client, address);
      return findQuestions(record, challengeKey, step.challengeId)?.verified !== undefined;
    }
    case 'backup-code': {
      const record = await users.read(person);
      return record?.uses.some(({ recovery }) => recovery === id) ?? false;
    }
    case 'otp':
      return false;
  }
}
