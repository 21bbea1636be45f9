/** How a name appears to a client: its methods and masked addresses, those of a decoy where there is nobody. */

import { hmac, hmac128, type Keyring } from '../crypto/keyring.ts';
import type { Purpose } from '../identifiers/challenge-id.ts';
import { foldUserId } from '../identifiers/user-id.ts';
import { addressKindOf, offeredMethods } from '../policy/methods.ts';
import type { Method, Policy } from '../policy/policy.ts';
import { asciiDomain } from '../text/email-address.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import { type Contact, decryptContact, enrolledMethods } from './contact.ts';
import { maskEmail, maskPhone } from './mask.ts';

export interface Destination {
  readonly masked: string;
  /** Stands for the address in the send counters. */
  counter(): string;
  /** False: nothing may be sent there. */
  readonly isDeliverable: boolean;
}

export interface Profile {
  readonly locale?: string;
  readonly methods: readonly Method[];
  destination(method: Method): Destination;
}

export interface ProfileSettings {
  readonly policy: Policy;
  readonly voice: boolean;
  /** Domain in the masked address of a name that has none. */
  readonly decoyEmailDomain: string;
}

// Sets of methods as enrolled people have them. A decoy has one of these, always the same for its name.
const decoySets: readonly (readonly Method[])[] = [
  ['SMS', 'Email', 'Call'],
  ['SMS', 'Email', 'Call'],
  ['Email'],
  ['SMS', 'Call'],
];

/**
 * The profile of an enrolled name, or of a decoy for an unknown or unenrolled one. A disabled user looks as
 * when enabled. Nothing in the shape tells which of these it is.
 */
export function profileOf(
  userId: string,
  record: UserRecord,
  keyring: Keyring,
  settings: ProfileSettings,
  purpose: Purpose,
): Profile {
  const { policy, voice, decoyEmailDomain } = settings;
  const contact = record.enrolment && decryptContact(record.enrolment.contact, record.locator, keyring);
  const enrolled = contact === undefined ? [] : reachableBy(contact, policy, purpose);
  const traits = hmac(keyring.key('decoy', keyring.first), record.locator);
  const known =
    enrolled.length > 0
      ? enrolled
      : (decoySets[(traits[0] as number) % decoySets.length] as readonly Method[]);
  const offered = offeredMethods(policy, voice, purpose);
  return {
    ...(contact?.locale === undefined ? {} : { locale: contact.locale }),
    methods: purpose === 'recovery' ? offered : offered.filter((method) => known.includes(method)),
    destination(method) {
      const kind = addressKindOf(method);
      // By the kind of address: a landline is shown as any number is, whichever method asks for it.
      const isKnown = enrolled.some((other) => addressKindOf(other) === kind);
      const address = isKnown ? addressOf(contact, kind === 'email' ? 'Email' : 'Call', purpose) : undefined;
      const shown =
        address ??
        decoyAddress(kind, userId, purpose === 'recovery' ? decoyProvider(traits) : decoyEmailDomain, traits);
      return {
        masked: kind === 'email' ? maskEmail(shown) : maskPhone(shown),
        counter: () =>
          destinationCounter(kind, address ?? decoyDestination(purpose, record.locator), keyring),
        isDeliverable:
          address !== undefined &&
          enrolled.includes(method) &&
          record.enrolment?.enabled === true &&
          offered.includes(method),
      };
    },
  };
}

function reachableBy(contact: Contact, policy: Policy, purpose: Purpose): readonly Method[] {
  if (purpose === 'sign-in') return enrolledMethods(contact, policy);
  return contact.alternateEmail === undefined ? [] : ['Email'];
}

/** Where a code goes: a recovery's to the alternate email, so that no factor is recovered with itself. */
export function addressOf(
  contact: Contact | undefined,
  method: Method,
  purpose: Purpose,
): string | undefined {
  if (purpose === 'recovery') return contact?.alternateEmail;
  if (method === 'Email') return contact?.email;
  return method === 'SMS' && contact?.phone?.landline ? undefined : contact?.phone?.number;
}

/** What a decoy's sends are counted under: a purpose's do not use up another's. */
export function decoyDestination(purpose: Purpose, locator: string): string {
  return `decoy ${purpose} ${locator}`;
}

/** Counts sends per destination, whoever the user is, without the table holding the address. */
export function destinationCounter(kind: 'phone' | 'email', address: string, keyring: Keyring): string {
  return hmac128(keyring.key('destination', keyring.first), kind, address.toLowerCase());
}

// Alternate inboxes are people's own: a decoy's is with one of the providers that most people use.
const providers = ['gmail.com', 'outlook.com', 'icloud.com', 'yahoo.com'];

function decoyProvider(traits: Buffer): string {
  return providers[(traits[5] as number) % providers.length] as string;
}

/** No address begins with what is beyond ASCII, so no mask does; people drop the accents of their names. */
function asciiLocal(name: string): string {
  const [plain = ''] = /^[a-z0-9].*/s.exec(name.normalize('NFKD')) ?? [];
  return plain || 'a';
}

function decoyAddress(kind: 'phone' | 'email', userId: string, emailDomain: string, traits: Buffer): string {
  if (kind === 'phone') return `+${String(traits.readUInt32BE(1)).padStart(10, '0')}`;
  const name = foldUserId(userId).split('\\').at(-1) as string;
  const [local = '', domain = ''] = name.split('@');
  const own = asciiDomain(domain);
  return `${asciiLocal(local)}@${providers.includes(emailDomain) || own === undefined ? emailDomain : own}`;
}
