/** The name that an assertion may carry: as it was enrolled, whatever somebody wrote into the table since. */
import type { Keyring } from '../crypto/keyring.ts';
import { ForgedState } from '../faults.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import { decryptEnrolled } from './contact.ts';

/**
 * The name of somebody who may sign in; `undefined` for nobody and for who is disabled. The record says both in clear,
 * for the list of people, and encrypted: a signature follows from what is encrypted, which is bound to the record.
 *
 * @throws {ForgedState} where the two differ
 */
export function enrolledName({ enrolment, locator }: UserRecord, keyring: Keyring): string | undefined {
  if (enrolment?.enabled !== true) return undefined;
  const { userId, enabled } = decryptEnrolled(enrolment.contact, locator, keyring);
  if (userId !== enrolment.userId || enabled !== true) throw new ForgedState('person');
  return userId;
}
