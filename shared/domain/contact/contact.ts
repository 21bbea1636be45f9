/** The contact that an administrator enrolled for a user, and which methods reach it. */
import { decrypt, encrypt } from '../crypto/encryption.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { AddressKind } from '../policy/methods.ts';
import { type Method, methods, type Policy } from '../policy/policy.ts';
import { emailHead, splitHead } from './email-digests.ts';

export interface Phone {
  /** E.164. */
  readonly number: string;
  /** The ISO 3166 country that it was found to belong to. */
  readonly country: string;
  /** It can be called, and gets no SMS. */
  readonly landline?: boolean | undefined;
}

/** What a directory said of a person, by which of its connections. */
export interface DirectoryEntry {
  readonly connection: string;
  readonly externalId?: string | undefined;
  /** Names that come of the externalId. */
  readonly names: readonly string[];
  /** Values as they were sent, by what was made of them: they come back as they were. */
  readonly sent: Readonly<Record<string, string>>;
  /** By the type of an address, whether it was sent as the primary one. */
  readonly primary?: Readonly<Record<string, boolean>> | undefined;
}

export interface Contact {
  readonly userId: string;
  /** Other names of the person, as they were given. */
  readonly aliases?: readonly string[] | undefined;
  readonly displayName?: string | undefined;
  readonly locale?: string | undefined;
  readonly phone?: Phone | undefined;
  readonly email?: string | undefined;
  readonly alternateEmail?: string | undefined;
  /** Since when an address is what it is, where it was changed after the first enrolment; epoch milliseconds. */
  readonly since?: Readonly<Partial<Record<AddressKind, number>>> | undefined;
  /** When the person last said that something was not them; epoch milliseconds. */
  readonly stoppedAt?: number | undefined;
  /** Whom the help desk may act on only where policy asks for a second operator. */
  readonly protected?: boolean | undefined;
  readonly directory?: DirectoryEntry | undefined;
}

/** What is encrypted: with it whether the person may sign in, which the record says in clear as well. */
export interface EnrolledContact extends Contact {
  readonly enabled?: boolean;
}

/** Every name that means this person, as it is spelled. */
export function namesOf({ userId, aliases = [], directory }: Contact): readonly string[] {
  return [userId, ...aliases, ...(directory?.names ?? [])];
}

/** For a notice: nobody searches for its addresses. */
export function encryptContact(contact: Contact, locator: string, keyring: Keyring): Uint8Array {
  return encrypt(contact, locator, keyring);
}

/** For a person's record: with digests before it by which a directory finds the person, see `emailSearch`. */
export function encryptEnrolled(contact: EnrolledContact, locator: string, keyring: Keyring): Uint8Array {
  const head = emailHead(contact, locator, keyring);
  return Buffer.concat([head, encrypt(contact, contextOf(locator, head), keyring)]);
}

/** @throws as `decrypt` does */
export function decryptContact(ciphertext: Uint8Array, locator: string, keyring: Keyring): Contact {
  const { enabled: _, ...contact } = decryptEnrolled(ciphertext, locator, keyring);
  return contact;
}

/** @throws as `decrypt` does */
export function decryptEnrolled(ciphertext: Uint8Array, locator: string, keyring: Keyring): EnrolledContact {
  const { head, ciphertext: body } = splitHead(ciphertext);
  return decrypt(body, contextOf(locator, head), keyring) as EnrolledContact;
}

/** Digests belong to one ciphertext: with others before it, it cannot be decrypted. */
function contextOf(locator: string, head: Buffer): string {
  return head.length === 0 ? locator : `${locator} ${head.toString('base64url')}`;
}

/** Where a notice can be sent, by the kind of address: a landline gets none, since nobody would be there to hear it. */
export function noticeAddress(contact: Contact, kind: AddressKind): string | undefined {
  if (kind !== 'phone') return contact[kind];
  return contact.phone?.landline ? undefined : contact.phone?.number;
}

/** The methods that reach the person. A number in a country that policy does not allow is not used. */
export function enrolledMethods(contact: Contact, policy: Policy): readonly Method[] {
  return methods.filter((method) => unreachableBy(method, contact, policy) === undefined);
}

/** Why the method does not reach the person: what is not enrolled, or the field that keeps messages from it. */
export function unreachableBy(method: Method, { phone, email }: Contact, { sends }: Policy) {
  if (method === 'Email') return email === undefined ? 'email' : undefined;
  if (phone === undefined) return 'phone';
  if (!sends.countries.includes(phone.country)) return 'policy.sends.countries';
  return method === 'SMS' && phone.landline ? 'landline' : undefined;
}
