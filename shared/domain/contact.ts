/** What an administrator enrolled for a user, and how it is sealed in the table. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Purpose } from './challenge-id.ts';
import type { Keyring } from './keyring.ts';
import type { Method, Policy } from './policy.ts';

export interface Contact {
  readonly userId: string;
  readonly displayName?: string | undefined;
  readonly locale?: string | undefined;
  /** E.164, and the ISO 3166 country it was found to belong to. */
  readonly phone?: { readonly number: string; readonly country: string } | undefined;
  readonly email?: string | undefined;
  readonly alternateEmail?: string | undefined;
}

const ivBytes = 12;
const tagBytes = 16;

/**
 * AES-256-GCM under a key the table does not hold, bound to the user's record: version (2 bytes), IV (12),
 * ciphertext, tag (16). A sealed contact copied into another user's record does not open.
 */
export function sealContact(contact: Contact, locator: string, keyring: Keyring): Uint8Array {
  return seal(contact, locator, keyring);
}

/** Any JSON value, sealed like a contact. */
export function seal(value: object | string, locator: string, keyring: Keyring): Uint8Array {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', keyring.key('contact', keyring.current), iv);
  cipher.setAAD(Buffer.from(locator));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
  const version = Buffer.alloc(2);
  version.writeUInt16BE(keyring.current);
  return Buffer.concat([version, iv, sealed, cipher.getAuthTag()]);
}

/** Throws when the seal is broken or its key version is not configured. */
export function openContact(sealed: Uint8Array, locator: string, keyring: Keyring): Contact {
  return openSealed(sealed, locator, keyring) as Contact;
}

export function openSealed(sealed: Uint8Array, locator: string, keyring: Keyring): unknown {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const bodyAt = 2 + ivBytes;
  const decipher = createDecipheriv(
    'aes-256-gcm',
    keyring.key('contact', bytes.readUInt16BE(0)),
    bytes.subarray(2, bodyAt),
    { authTagLength: tagBytes }, // refuses what is too short to hold a whole tag
  );
  decipher.setAAD(Buffer.from(locator));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  const opened = Buffer.concat([decipher.update(bytes.subarray(bodyAt, -tagBytes)), decipher.final()]);
  return JSON.parse(opened.toString('utf8'));
}

/** Methods the person can be reached by; a number in a country that policy does not allow reaches nobody. */
export function enrolledMethods(contact: Contact, policy: Policy): readonly Method[] {
  const phone = contact.phone !== undefined && policy.sends.countries.includes(contact.phone.country);
  return [
    ...(phone ? (['SMS'] as const) : []),
    ...(contact.email === undefined ? [] : (['Email'] as const)),
    ...(phone ? (['Call'] as const) : []),
  ];
}

/** Methods that policy and configuration offer to anyone. A recovery's code goes to the alternate email alone. */
export function offeredMethods(
  policy: Policy,
  voice: boolean,
  purpose: Purpose = 'sign-in',
): readonly Method[] {
  if (purpose === 'recovery') return ['Email'];
  const named: readonly Method[] = policy.mfaMethod === 'All' ? ['SMS', 'Email', 'Call'] : [policy.mfaMethod];
  return voice ? named : named.filter((method) => method !== 'Call');
}
