/** How a name appears to a client: its methods and masked addresses, or a decoy's if nobody is enrolled under it. */
import { hmac, hmac128, type Keyring } from '../crypto/keyring.ts';
import type { Purpose } from '../identifiers/challenge-id.ts';
import { addressKindOf, offeredMethods } from '../policy/methods.ts';
import type { Method, Policy } from '../policy/policy.ts';
import { asciiDomain } from '../text/email-address.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import { type Contact, decryptContact, enrolledMethods } from './contact.ts';
import { type DecoySet, decoySetOf } from './decoy.ts';
import { withoutHeld } from './hold.ts';
import { maskEmail, maskPhone } from './mask.ts';

export interface Destination {
  readonly masked: string;
  /** The destination for the rate limiter: the HMAC of the address. */
  counter(): string;
  /** False if nothing may be sent, as for a decoy or a disabled user. */
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
  /** The domain in a decoy's masked email address, for names that have none. */
  readonly decoyEmailDomain: string;
  /** Sets of methods that the stage says its people have. */
  readonly decoys: readonly DecoySet[];
}

// Alternate inboxes are people's own, so a decoy's is with one of the providers that most people use.
const providers = ['gmail.com', 'outlook.com', 'icloud.com', 'yahoo.com'];

/**
 * The profile of an enrolled name, or a decoy's for any other. A disabled user looks the same as when enabled, and
 * nothing in the profile reveals to a client which of these it is.
 *
 * @param form of the name; a decoy's mask is made of it
 * @param now epoch milliseconds: new addresses are on hold
 */
export function profileOf(
  form: string,
  record: UserRecord,
  keyring: Keyring,
  settings: ProfileSettings,
  purpose: Purpose,
  now: number,
): Profile {
  const { policy, voice, decoyEmailDomain, decoys } = settings;
  const { enrolment } = record;
  const contact =
    enrolment && withoutHeld(decryptContact(enrolment.contact, record.locator, keyring), policy, now);
  const enrolled = contact === undefined ? [] : reachableBy(contact, policy, purpose);
  const traits = hmac(keyring.key('decoy', keyring.first), record.locator);
  // Drawn for everybody, so that the time does not tell who needs it.
  const decoy = decoySetOf(record.locator, decoys, keyring).methods;
  const known = enrolled.length > 0 ? enrolled : decoy;
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
        decoyAddress(kind, form, purpose === 'recovery' ? decoyProvider(traits) : decoyEmailDomain, traits);
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

/** The address of a code. A recovery's goes to the alternate email, so that no factor is recovered with itself. */
export function addressOf(
  contact: Contact | undefined,
  method: Method,
  purpose: Purpose,
): string | undefined {
  if (purpose === 'recovery') return contact?.alternateEmail;
  if (method === 'Email') return contact?.email;
  return method === 'SMS' && contact?.phone?.landline ? undefined : contact?.phone?.number;
}

/** The destination that a decoy's messages count under. Each purpose has its own, as it has for real addresses. */
export function decoyDestination(purpose: Purpose, locator: string): string {
  return `decoy ${purpose} ${locator}`;
}

/** The HMAC of an address, so that messages are counted per address while the table holds none. */
export function destinationCounter(kind: 'phone' | 'email', address: string, keyring: Keyring): string {
  return hmac128(keyring.key('destination', keyring.first), kind, address.toLowerCase());
}

function reachableBy(contact: Contact, policy: Policy, purpose: Purpose): readonly Method[] {
  if (purpose === 'sign-in') return enrolledMethods(contact, policy);
  return contact.alternateEmail === undefined ? [] : ['Email'];
}

function decoyProvider(traits: Buffer): string {
  return providers[(traits[5] as number) % providers.length] as string;
}

/** No address begins with what is beyond ASCII, so no mask does; people drop the accents of their names. */
function firstOf(name: string): string {
  return /[a-z0-9]/.exec(name.normalize('NFKD'))?.[0] ?? 'a';
}

function decoyAddress(kind: 'phone' | 'email', form: string, emailDomain: string, traits: Buffer): string {
  if (kind === 'phone') return `+${String(traits.readUInt32BE(1)).padStart(10, '0')}`;
  const name = form.split('\\').at(-1) as string;
  const [local = '', domain = ''] = name.split('@');
  const own = asciiDomain(domain);
  return `${firstOf(local)}@${providers.includes(emailDomain) || own === undefined ? emailDomain : own}`;
}
