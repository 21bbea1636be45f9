/** Enrolling a user, and what a change of address closes and announces. */
import { reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import { type Contact, decryptContact, encryptContact } from '../contact/contact.ts';
import { enqueueNotices, withNotices } from '../contact/notices.ts';
import { locatorOf } from '../identifiers/user-id.ts';
import { chooseQuestions } from '../kba/choose-questions.ts';
import { type EnrolledQuestion, encryptQuestions } from '../kba/enrolled-questions.ts';
import type { AddressKind } from '../policy/methods.ts';
import { type Decision, updateUser } from '../user-record/update-user.ts';
import type { SecurityQuestions, UserRecord } from '../user-record/user-record.ts';
import { closeChallenges, turnToDecoys } from './close-challenges.ts';
import type { EnrolmentPorts } from './enrolment-ports.ts';
import { describe } from './read-users.ts';

/**
 * Replaces contact data; security questions stay unless given. Challenges that went to an address that changed are
 * closed; every address, old and new, is told of either change.
 *
 * @param dryRun says what would come of it, and writes nothing
 */
export async function enrolUser(
  contact: Contact,
  enabled: boolean,
  ports: EnrolmentPorts,
  questions?: readonly EnrolledQuestion[],
  dryRun = false,
) {
  const locator = locatorOf(contact.userId);
  const enrolling = { contact, enabled, questions };
  const { outcome, decision } = await updateUser(ports.users, locator, (record) => {
    const decision = decideEnrolment(record, enrolling, ports);
    return dryRun ? { ...decision, after: undefined } : decision;
  });
  await enqueueNotices(locator, decision?.after, ports);
  return outcome;
}

interface Enrolling {
  readonly contact: Contact;
  readonly enabled: boolean;
  readonly questions: readonly EnrolledQuestion[] | undefined;
}

function decideEnrolment(
  found: UserRecord,
  { contact, enabled, questions }: Enrolling,
  ports: EnrolmentPorts,
) {
  const { keyring, clock, policy } = ports;
  const now = clock.now();
  const record = reconcileAttempts(found, keyring, now, policy.lockout);
  const before = record.enrolment && decryptContact(record.enrolment.contact, record.locator, keyring);
  const changed = before === undefined ? [] : changedAddresses(before, contact);
  // As it was enrolled first: an assertion that is asked for again must not say the name another way.
  const userId = record.enrolment?.userId ?? contact.userId;
  const enrolment = {
    userId,
    contact: encryptContact({ ...contact, userId }, record.locator, keyring),
    enabled,
  };
  const kept = enabled ? record : turnToDecoys(record, keyring);
  const told = record.enrolment ? [record.enrolment.contact, enrolment.contact] : [];
  let { notices } = record;
  if (changed.length > 0) notices = withNotices({ ...record, notices }, 'address-changed', told, now);
  if (questions !== undefined && (questions.length > 0 || record.securityQuestions !== undefined))
    notices = withNotices({ ...record, notices }, 'questions-changed', told, now);
  const after: UserRecord = {
    ...closeChallenges(kept, changed, now),
    enrolment,
    securityQuestions: questionsFor(record, questions, ports),
    notices,
  };
  const outcome = { created: before === undefined, user: describe(after, enrolment, ports) };
  return { outcome, after } satisfies Decision<typeof outcome>;
}

function questionsFor(
  { locator, securityQuestions }: UserRecord,
  questions: readonly EnrolledQuestion[] | undefined,
  { keyring, policy }: EnrolmentPorts,
): SecurityQuestions | undefined {
  if (questions === undefined) return securityQuestions;
  if (questions.length === 0) return undefined;
  const ids = questions.map(({ questionId }) => questionId);
  const asked = chooseQuestions(ids, policy.kba.questions, locator, '', keyring);
  return { ciphertext: encryptQuestions(questions, locator, keyring), asked };
}

function changedAddresses(before: Contact, after: Contact): AddressKind[] {
  const changed: AddressKind[] = [];
  if (before.phone?.number !== after.phone?.number) changed.push('phone');
  if (!isSame(before.email, after.email)) changed.push('email');
  if (!isSame(before.alternateEmail, after.alternateEmail)) changed.push('alternateEmail');
  return changed;
}

/** One that differs in case alone is no other address. */
function isSame(before: string | undefined, after: string | undefined): boolean {
  return before?.toLowerCase() === after?.toLowerCase();
}
