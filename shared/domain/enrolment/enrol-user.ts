/** Enrolling a user, and what a change of address closes and announces. */
import { reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import { type Contact, decryptContact, encryptContact, namesOf } from '../contact/contact.ts';
import { enqueueNotices, withNotices } from '../contact/notices.ts';
import { Unavailable } from '../faults.ts';
import { chooseQuestions } from '../kba/choose-questions.ts';
import { type EnrolledQuestion, encryptQuestions } from '../kba/enrolled-questions.ts';
import { nameForm } from '../names/name-form.ts';
import { formsOf } from '../names/person.ts';
import type { AddressKind } from '../policy/methods.ts';
import { type Decision, updateUser } from '../user-record/update-user.ts';
import type { SecurityQuestions, UserRecord } from '../user-record/user-record.ts';
import { claimNames, firstTaken, recordToEnrol, releaseNames } from './claim-names.ts';
import { closeChallenges, turnToDecoys } from './close-challenges.ts';
import type { EnrolmentPorts } from './enrolment-ports.ts';
import { describe, type EnrolledUser } from './read-users.ts';

/** Rounds of looking again at a name that somebody else was claiming. */
const mostRounds = 3;

/**
 * Replaces contact data of whoever has the name; aliases and security questions stay unless given. Challenges that
 * went to an address that changed are closed; every address, old and new, is told of either change.
 *
 * @throws {Unavailable} while another request gives one of the names to somebody else
 */
export async function enrolUser(
  contact: Contact,
  enabled: boolean,
  ports: EnrolmentPorts,
  questions?: readonly EnrolledQuestion[],
  dryRun = false,
): Promise<EnrolOutcome> {
  for (let round = 1; ; round += 1) {
    try {
      return await enrolOnce({ contact, enabled, questions, dryRun }, ports);
    } catch (error) {
      const isRaced = error instanceof Unavailable && error.dependency === 'raced-name';
      if (!isRaced || round === mostRounds) throw error;
    }
  }
}

async function enrolOnce(enrolling: Enrolling, ports: EnrolmentPorts): Promise<EnrolOutcome> {
  const { contact, dryRun } = enrolling;
  const own = nameForm(contact.userId, ports.sameNames);
  const from = await recordToEnrol(own, ports);
  const { locator } = from;
  const decide = (record: UserRecord): EnrolmentDecision => {
    const decision = decideEnrolment(record, enrolling, ports);
    return dryRun ? { ...decision, after: undefined } : decision;
  };
  const limit = async ({ taken, now }: EnrolmentDecision): Promise<NameTaken | undefined> => {
    const form = await (dryRun ? firstTaken(locator, taken, ports) : claimNames(locator, taken, now, ports));
    if (form === own) throw new Unavailable('raced-name'); // somebody new has it since it was looked up
    return form === undefined ? undefined : { kind: 'name-taken', name: spellingOf(form, contact, ports) };
  };
  const { outcome, decision } = await updateUser(ports.users, locator, decide, { from, limit });
  if (decision?.after) await releaseNames(locator, decision.released, decision.now, ports);
  await enqueueNotices(locator, decision?.after, ports);
  return outcome;
}

/** Another person has this name, as it was given. */
interface NameTaken {
  readonly kind: 'name-taken';
  readonly name: string;
}

interface Enrolled {
  readonly kind: 'enrolled';
  readonly created: boolean;
  readonly user: EnrolledUser;
}

type EnrolOutcome = Enrolled | NameTaken;

interface EnrolmentDecision extends Decision<EnrolOutcome> {
  readonly now: number;
  /** Forms of the names that the person gets, and of those that they lose. */
  readonly taken: readonly string[];
  readonly released: readonly string[];
}

function spellingOf(form: string, contact: Contact, { sameNames }: EnrolmentPorts): string {
  return namesOf(contact).find((name) => nameForm(name, sameNames) === form) ?? contact.userId;
}

interface Enrolling {
  readonly contact: Contact;
  readonly enabled: boolean;
  readonly questions: readonly EnrolledQuestion[] | undefined;
  readonly dryRun: boolean;
}

function decideEnrolment(
  found: UserRecord,
  { contact, enabled, questions }: Enrolling,
  ports: EnrolmentPorts,
): EnrolmentDecision {
  const { keyring, clock, policy, sameNames } = ports;
  const now = clock.now();
  const record = reconcileAttempts(found, keyring, now, policy.lockout);
  const before = record.enrolment && decryptContact(record.enrolment.contact, record.locator, keyring);
  const changed = before === undefined ? [] : changedAddresses(before, contact);
  // As it was enrolled first: an assertion that is asked for again must not say the name another way.
  const userId = record.enrolment?.userId ?? contact.userId;
  const enrolled = { ...contact, userId, aliases: contact.aliases ?? before?.aliases };
  const ciphertext = encryptContact({ ...enrolled, enabled }, record.locator, keyring);
  const enrolment = { userId, contact: ciphertext, enabled };
  const hadForms = before === undefined ? new Set<string>() : formsOf(before, sameNames);
  const hasForms = formsOf(enrolled, sameNames);
  const kept = enabled ? record : turnToDecoys(record, keyring);
  const told = record.enrolment ? [record.enrolment.contact, enrolment.contact] : [];
  let { notices } = record;
  if (changed.length > 0) notices = withNotices({ ...record, notices }, 'address-changed', told, now);
  if (questions !== undefined && (questions.length > 0 || record.securityQuestions !== undefined))
    notices = withNotices({ ...record, notices }, 'questions-changed', told, now);
  const after: UserRecord = {
    ...closeChallenges(kept, changed, now, keyring),
    enrolment,
    securityQuestions: questionsFor(record, questions, ports),
    notices,
  };
  const created = before === undefined;
  return {
    outcome: { kind: 'enrolled', created, user: describe(after, enrolment, ports) },
    after,
    now,
    taken: [...hasForms].filter((form) => !hadForms.has(form)),
    released: [...hadForms].filter((form) => !hasForms.has(form)),
  };
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
  return { ciphertext: encryptQuestions(questions, asked, locator, keyring), asked };
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
