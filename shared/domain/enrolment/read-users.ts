/** What administrators and the help desk read of users. */
import type { Lock } from '../attempts/lockout.ts';
import { lockAt, lockOf } from '../attempts/lockout.ts';
import { reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import { type Contact, decryptContact, enrolledMethods } from '../contact/contact.ts';
import { withoutHeld } from '../contact/hold.ts';
import { clientOfDoor } from '../identifiers/client.ts';
import { decryptQuestions } from '../kba/enrolled-questions.ts';
import { findPerson } from '../names/person.ts';
import type { Method } from '../policy/policy.ts';
import type { Enrolment, UserRecord } from '../user-record/user-record.ts';
import type { EnrolmentPorts } from './enrolment-ports.ts';

/** What an administrator sees of a user; the help desk sees it masked. */
export interface EnrolledUser {
  readonly contact: Contact;
  readonly enabled: boolean;
  readonly methods: readonly Method[];
  /** How many security questions are enrolled. */
  readonly questions: number;
  readonly lock: Lock;
  /** At logon screens of Windows, which wait and stop apart. */
  readonly windowsLock: Lock;
  /** Stands for the user in logs and records. */
  readonly reference: string;
}

export function describe(
  record: UserRecord,
  { contact: ciphertext, enabled }: Enrolment,
  { keyring, clock, policy }: EnrolmentPorts,
): EnrolledUser {
  const contact = decryptContact(ciphertext, record.locator, keyring);
  const methods = enrolledMethods(withoutHeld(contact, policy, clock.now()), policy);
  const { securityQuestions: kept } = record;
  const questions = kept === undefined ? 0 : decryptQuestions(kept, record.locator, keyring).length;
  const lock = lockOf(record, clock.now(), policy.lockout);
  const windowsLock = lockAt(clientOfDoor('windows', ''), record, clock.now(), policy.lockout);
  return { contact, enabled, methods, questions, lock, windowsLock, reference: record.locator };
}

function summarise(
  locator: string,
  { contact, enabled, userId }: Enrolment,
  { keyring, clock, policy }: EnrolmentPorts,
) {
  const enrolled = decryptContact(contact, locator, keyring);
  const methods = enrolledMethods(withoutHeld(enrolled, policy, clock.now()), policy);
  return { userId, displayName: enrolled.displayName, enabled, methods, reference: locator };
}

export async function readUser(userId: string, ports: EnrolmentPorts): Promise<EnrolledUser | undefined> {
  const { keyring, clock, policy } = ports;
  const { record } = await findPerson(userId, ports);
  if (record.enrolment === undefined) return undefined;
  return describe(reconcileAttempts(record, keyring, clock.now(), policy.lockout), record.enrolment, ports);
}

/** One page of the enrolled, by name. */
export async function listUsers(limit: number, cursor: string | undefined, ports: EnrolmentPorts) {
  const page = await ports.users.list(limit, cursor);
  return (
    page && {
      ...page,
      users: page.users.map(({ locator, enrolment }) => summarise(locator, enrolment, ports)),
    }
  );
}
