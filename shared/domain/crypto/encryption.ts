/** How contact data and all else that is a person's own is sealed in the table. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Keyring } from './keyring.ts';

const ivBytes = 12;
const tagBytes = 16;

/**
 * Any JSON value by AES-256-GCM under a key that the table does not hold, bound to the user's record: version of the
 * key (2 bytes), IV (12), ciphertext, tag (16). What is copied into another user's record does not open.
 */
export function encrypt(value: object | string, locator: string, keyring: Keyring): Uint8Array {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', keyring.key('contact', keyring.current), iv);
  cipher.setAAD(Buffer.from(locator));
  const ciphertext = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
  const version = Buffer.alloc(2);
  version.writeUInt16BE(keyring.current);
  return Buffer.concat([version, iv, ciphertext, cipher.getAuthTag()]);
}

/** @throws when the seal is broken or its key's version is not known */
export function decrypt(ciphertext: Uint8Array, locator: string, keyring: Keyring): unknown {
  const bytes = Buffer.from(ciphertext.buffer, ciphertext.byteOffset, ciphertext.byteLength);
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
