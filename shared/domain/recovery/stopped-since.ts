/** Whether a recovery's person stopped everything while it ran: then it has failed, whatever its step. */
import { decryptContact } from '../contact/contact.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import type { UserStore } from '../user-record/user-store.ts';
import { challengeOf } from './answer-step.ts';
import type { Recovery } from './recovery.ts';

export function isStoppedSince(
  { startedAt }: Pick<Recovery, 'startedAt'>,
  { enrolment, locator }: UserRecord,
  keyring: Keyring,
): boolean {
  const stoppedAt = enrolment && decryptContact(enrolment.contact, locator, keyring).stoppedAt;
  return stoppedAt !== undefined && stoppedAt >= startedAt;
}

/**
 * The recovery as its client sees it. A step with a challenge ended with the challenge; for any other, the person's
 * record is read: one DynamoDB request.
 */
export async function unlessStopped(
  recovery: Recovery,
  { users, keyring }: { readonly users: UserStore; readonly keyring: Keyring },
): Promise<Recovery> {
  const { status, step, person } = recovery;
  if (status !== 'pending' || (step && challengeOf(step) !== undefined)) return recovery;
  const record = await users.read(person);
  if (record === undefined || !isStoppedSince(recovery, record, keyring)) return recovery;
  return { ...recovery, status: 'failed', step: undefined };
}
