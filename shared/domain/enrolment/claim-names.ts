/** Giving names to a person: each is claimed before the record lists it, and free again after it does not. */
import { Unavailable } from '../faults.ts';
import { nameDigest } from '../names/name-form.ts';
import type { Claim } from '../names/name-store.ts';
import { formsListed, type NamePorts, newPersonKey } from '../names/person.ts';
import { blankRecord, type UserRecord } from '../user-record/user-record.ts';

/** Longer than any function runs: what was claimed before that, and is still not listed, was left behind. */
const leftBehindMilliseconds = 60_000;

/**
 * The record to enrol under a name: of the person who has it, of the enrolment that is just claiming it, or a new one.
 * One or two DynamoDB requests.
 */
export async function recordToEnrol(form: string, ports: NamePorts): Promise<UserRecord> {
  const claim = await ports.names.read(nameDigest(form, ports.keyring));
  if (claim === undefined) return blankRecord(newPersonKey());
  const record = await ports.users.read(claim.person);
  if (record === undefined) return blankRecord(claim.person);
  return formsListed(record, ports).has(form) ? record : blankRecord(newPersonKey());
}

/** The record of whoever claims a name, listed or removed a moment ago; `undefined` where it is another person's name. */
export async function recordClaiming(form: string, ports: NamePorts): Promise<UserRecord | undefined> {
  const claim = await ports.names.read(nameDigest(form, ports.keyring));
  const record = claim && (await ports.users.read(claim.person));
  if (record === undefined) return undefined;
  return record.enrolment === undefined || formsListed(record, ports).has(form) ? record : undefined;
}

/**
 * Claims each name. One DynamoDB request for each, and more where somebody has it.
 *
 * @returns the first that another person has
 * @throws {Unavailable} for a name that another request is about to give to somebody else
 */
export async function claimNames(
  person: string,
  forms: Iterable<string>,
  now: number,
  ports: NamePorts,
): Promise<string | undefined> {
  for (const form of forms) {
    const claim = { person, at: now };
    const standing = await ports.names.claim(nameDigest(form, ports.keyring), claim);
    if (standing !== 'claimed' && (await isTaken(form, claim, standing, ports))) return form;
  }
  return undefined;
}

/** The first name that another person has; nothing is claimed. One or two DynamoDB requests for each. */
export async function firstTaken(
  person: string,
  forms: Iterable<string>,
  ports: NamePorts,
): Promise<string | undefined> {
  for (const form of forms) {
    const record = await recordClaiming(form, ports);
    if (record?.enrolment !== undefined && record.locator !== person) return form;
  }
  return undefined;
}

async function isTaken(form: string, claim: Claim, standing: Claim, ports: NamePorts): Promise<boolean> {
  const other = await ports.users.read(standing.person);
  if (other !== undefined && formsListed(other, ports).has(form)) return true;
  if (standing.at > claim.at - leftBehindMilliseconds) throw new Unavailable('raced-name');
  const again = await ports.names.claim(nameDigest(form, ports.keyring), claim, standing);
  if (again !== 'claimed') throw new Unavailable('raced-name');
  return false;
}

/**
 * Frees names that the record no longer lists. A fault leaves them behind: they mean nobody, and whoever wants one a
 * minute later takes it over.
 */
export async function releaseNames(
  person: string,
  forms: Iterable<string>,
  before: number,
  { names, keyring }: NamePorts,
): Promise<void> {
  const released = Array.from(forms, (form) => names.release(nameDigest(form, keyring), person, before));
  await Promise.allSettled(released);
}
