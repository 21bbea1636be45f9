/** The contact that an administrator enrolled for a user, and which methods reach it. */
import { decrypt, encrypt } from '../crypto/encryption.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Method, Policy } from '../policy/policy.ts';

export interface Contact {
  readonly userId: string;
  readonly displayName?: string | undefined;
  readonly locale?: string | undefined;
  /** The number in E.164, and the ISO 3166 country that it was found to belong to. */
  readonly phone?: { readonly number: string; readonly country: string } | undefined;
  readonly email?: string | undefined;
  readonly alternateEmail?: string | undefined;
}

export function encryptContact(contact: Contact, locator: string, keyring: Keyring): Uint8Array {
  return encrypt(contact, locator, keyring);
}

/** @throws as `decrypt` does */
export function decryptContact(ciphertext: Uint8Array, locator: string, keyring: Keyring): Contact {
  return decrypt(ciphertext, locator, keyring) as Contact;
}

/** The methods that reach the person. A number in a country that policy does not allow is not used. */
export function enrolledMethods(contact: Contact, policy: Policy): readonly Method[] {
  const phone = contact.phone !== undefined && policy.sends.countries.includes(contact.phone.country);
  return [
    ...(phone ? (['SMS'] as const) : []),
    ...(contact.email === undefined ? [] : (['Email'] as const)),
    ...(phone ? (['Call'] as const) : []),
  ];
}
