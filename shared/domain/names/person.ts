/** Finding the person that a name means, or the record of a name that is nobody's. */
import { randomBytes } from 'node:crypto';
import { type Contact, decryptContact, namesOf } from '../contact/contact.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { Unavailable } from '../faults.ts';
import { blankRecord, type UserRecord } from '../user-record/user-record.ts';
import type { UserStore } from '../user-record/user-store.ts';
import { nameDigest, nameForm, nobodyKey } from './name-form.ts';
import type { NameStore } from './name-store.ts';

export interface NamePorts {
  readonly names: NameStore;
  readonly users: UserStore;
  readonly keyring: Keyring;
  /** What means nothing in a name, see `nameForm`. */
  readonly sameNames: readonly string[];
}

/** Whom a request is about: a person under one of their names, or nobody. */
export interface Person {
  /** Of the record. A person's is random and never changes. */
  readonly key: string;
  /** The name as it was asked for. */
  readonly name: string;
  /** As it was found; a blank one where there was none. */
  readonly record: UserRecord;
}

/** 128 random bits as base64url. */
export function newPersonKey(): string {
  return randomBytes(16).toString('base64url');
}

/**
 * Two DynamoDB requests, whoever the name is: its item and the record. One more where the item was left behind by a
 * change that did not come to its end; such a name is nobody's.
 */
export async function findPerson(name: string, ports: NamePorts): Promise<Person> {
  const { names, users, keyring, sameNames } = ports;
  const form = nameForm(name, sameNames);
  const claim = await names.read(nameDigest(form, keyring));
  if (claim !== undefined) {
    const record = await users.read(claim.person);
    if (record !== undefined && answersTo(record, name, ports)) return { key: claim.person, name, record };
  }
  const key = nobodyKey(form, keyring);
  return { key, name, record: (await users.read(key)) ?? blankRecord(key) };
}

/**
 * Of a record that was read again since the person was found.
 *
 * @throws {Unavailable} when the person was removed in between: looked up again, the name is nobody's
 */
export function stillThere({ record: found }: Person, record: UserRecord): UserRecord {
  if (found.enrolment !== undefined && record.enrolment === undefined) throw new Unavailable('raced-name');
  return record;
}

/** Whether the record lists the name: only then does it mean this person. */
export function answersTo(
  record: UserRecord,
  name: string,
  ports: Pick<NamePorts, 'keyring' | 'sameNames'>,
): boolean {
  return formsListed(record, ports).has(nameForm(name, ports.sameNames));
}

/** The forms of all names that a record lists; none where nobody is enrolled. */
export function formsListed(
  { enrolment, locator }: UserRecord,
  { keyring, sameNames }: Pick<NamePorts, 'keyring' | 'sameNames'>,
): ReadonlySet<string> {
  if (enrolment === undefined) return new Set();
  return formsOf(decryptContact(enrolment.contact, locator, keyring), sameNames);
}

/** The forms of all names of a person. */
export function formsOf(contact: Contact, sameNames: readonly string[]): ReadonlySet<string> {
  return new Set(namesOf(contact).map((name) => nameForm(name, sameNames)));
}
