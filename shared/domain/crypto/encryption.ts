/** The encryption of personal data in the table: contacts, questions, device names, notes of the help desk. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Keyring } from './keyring.ts';

const ivBytes = 12;
const tagBytes = 16;

/**
 * Encrypts a JSON value by AES-256-GCM with a key that is not in the table. The result is the key's version (2 bytes),
 * the IV (12), the ciphertext and the tag (16).
 *
 * @param locator authenticated as AAD: a ciphertext that is copied into another user's record cannot be decrypted
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

/**
 * @throws `Error` if the ciphertext was changed or belongs to another locator
 * @throws {Unavailable} if the key's version is not known
 */
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
  const plaintext = Buffer.concat([decipher.update(bytes.subarray(bodyAt, -tagBytes)), decipher.final()]);
  return JSON.parse(plaintext.toString('utf8'));
}
