/** User ids: how they are spelled and compared, and the locator that stands for one in keys, logs and messages. */
import { createHash } from 'node:crypto';

const wellFormed = /^[\p{L}\p{M}\p{Nd}._\-@+\\]{1,128}$/u;

/** 1 to 128 letters, marks, decimal digits and `. _ - @ + \`. */
export function isUserId(text: string): boolean {
  return wellFormed.test(text);
}

/**
 * The form in which two spellings of one name are equal: NFC, lower case by code point. A stronger folding would merge
 * `straße` and `strasse`, which are two accounts in Windows.
 */
export function foldUserId(userId: string): string {
  return Array.from(userId.normalize('NFC'), (character) => character.toLowerCase())
    .join('')
    .normalize('NFC');
}

/**
 * 128 bits as base64url that stand for a user where the name must not: in table keys, challenge ids, queue messages and
 * logs. Not a secret: whoever knows the name can compute it.
 */
export function locatorOf(userId: string): string {
  return createHash('sha256')
    .update('user\0')
    .update(foldUserId(userId))
    .digest()
    .subarray(0, 16)
    .toString('base64url');
}
