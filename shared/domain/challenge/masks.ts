/** Where the codes of a challenge go, as the person may see it: encrypted, since a mask shows the domain of an address. */
import { decrypt, encrypt } from '../crypto/encryption.ts';
import type { Keyring } from '../crypto/keyring.ts';

export interface Masks {
  readonly phone: string;
  readonly email: string;
}

/** What is encrypted here does not decrypt as a contact. */
const contextOf = (locator: string): string => `${locator} masks`;

export function encryptMasks(masks: Masks, locator: string, keyring: Keyring): Uint8Array {
  return encrypt(masks, contextOf(locator), keyring);
}

/** An earlier version kept them in clear, where whoever writes into the table could change them. */
const notShown: Masks = { phone: '••••', email: '••••' };

/** @throws as `decrypt` does */
export function decryptMasks(masked: Uint8Array, locator: string, keyring: Keyring): Masks {
  if (!(masked instanceof Uint8Array)) return notShown;
  return decrypt(masked, contextOf(locator), keyring) as Masks;
}

/** The one that a reply shows, as text. */
export function sealMask(mask: string, locator: string, keyring: Keyring): string {
  return Buffer.from(encrypt(mask, contextOf(locator), keyring)).toString('base64');
}

/** @throws as `decrypt` does */
export function openMask(sealed: string, locator: string, keyring: Keyring): string {
  return decrypt(Buffer.from(sealed, 'base64'), contextOf(locator), keyring) as string;
}
