/** Enrolling a person, replacing what is enrolled, and changing parts of it. */
import { type Contact, namesOf } from '../contact/contact.ts';
import { enqueueNotices } from '../contact/notices.ts';
import { Unavailable } from '../faults.ts';
import type { EnrolledQuestion } from '../kba/enrolled-questions.ts';
import { nameForm } from '../names/name-form.ts';
import { updateUser } from '../user-record/update-user.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import { claimNames, firstTaken, recordToEnrol, releaseNames } from './claim-names.ts';
import {
  type Change,
  type ContactPatch,
  decideEnrolment,
  type EnrolmentDecision,
  type EnrolOutcome,
} from './decide-enrolment.ts';
import type { EnrolmentPorts } from './enrolment-ports.ts';

/** Rounds of looking again at a name that somebody else was claiming. */
const mostRounds = 3;

export interface EnrolOptions {
  readonly questions?: readonly EnrolledQuestion[] | undefined;
  /** Says what would come of it, and writes nothing. */
  readonly dryRun?: boolean | undefined;
  /** The person's key, where it is known: if the name is somebody else's by now, nothing is done. */
  readonly person?: string | undefined;
}

/**
 * Replaces contact data of whoever has the name; aliases and security questions stay unless given. Challenges that
 * went to an address that changed are closed. Every address, old and new, gets a notice of either change.
 *
 * @throws {Unavailable} while another request gives one of the names to somebody else
 */
export function enrolUser(
  contact: Contact,
  enabled: boolean,
  ports: EnrolmentPorts,
  questions?: readonly EnrolledQuestion[],
  dryRun?: boolean,
): Promise<EnrolOutcome> {
  return enrol(contact.userId, { kind: 'replace', contact, enabled }, ports, { questions, dryRun });
}

/**
 * Changes what is given of whoever has the name, and tells every address as `enrolUser` does. After a rename the old
 * name is free at once.
 *
 * @throws {Unavailable} as `enrolUser` does
 */
export function changeUser(
  name: string,
  fields: ContactPatch,
  enabled: boolean | undefined,
  ports: EnrolmentPorts,
  options: EnrolOptions = {},
): Promise<EnrolOutcome> {
  return enrol(name, { kind: 'patch', fields, enabled }, ports, options);
}

/** Enrols somebody whose name nobody has. */
export function createUser(contact: Contact, enabled: boolean, ports: EnrolmentPorts): Promise<EnrolOutcome> {
  return enrol(contact.userId, { kind: 'replace', contact, enabled, isNew: true }, ports, {});
}

async function enrol(
  name: string,
  change: Change,
  ports: EnrolmentPorts,
  options: EnrolOptions,
): Promise<EnrolOutcome> {
  for (let round = 1; ; round += 1) {
    try {
      return await enrolOnce(name, change, ports, options);
    } catch (error) {
      const isRaced = error instanceof Unavailable && error.dependency === 'raced-name';
      if (!isRaced || round === mostRounds) throw error;
    }
  }
}

async function enrolOnce(
  name: string,
  change: Change,
  ports: EnrolmentPorts,
  { questions, dryRun = false, person }: EnrolOptions,
): Promise<EnrolOutcome> {
  const own = nameForm(name, ports.sameNames);
  const from = await recordToEnrol(own, ports);
  const { locator } = from;
  if (person !== undefined && person !== locator) return { kind: 'not-found' };
  const decide = (record: UserRecord): EnrolmentDecision => {
    const decision = decideEnrolment(record, change, questions, ports);
    return dryRun ? { ...decision, after: undefined } : decision;
  };
  const limit = async ({ taken, now, contact }: EnrolmentDecision): Promise<EnrolOutcome | undefined> => {
    const form = dryRun
      ? await firstTaken(locator, taken, ports)
      : await claimNames(locator, taken, now, ports);
    if (form === own) throw new Unavailable('raced-name'); // somebody new has it since it was looked up
    return form === undefined ? undefined : { kind: 'name-taken', name: spellingOf(form, contact, ports) };
  };
  const { outcome, decision } = await updateUser(ports.users, locator, decide, { from, limit });
  if (decision?.after) await releaseNames(locator, decision.released, decision.now, ports);
  await enqueueNotices(locator, decision?.after, ports);
  return outcome;
}

function spellingOf(form: string, contact: Contact | undefined, { sameNames }: EnrolmentPorts): string {
  const names = contact === undefined ? [] : namesOf(contact);
  return names.find((name) => nameForm(name, sameNames) === form) ?? form;
}
