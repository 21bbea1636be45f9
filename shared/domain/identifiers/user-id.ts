/** Who a challenge is for: the spelling of user ids and the locator that stands for one in keys, logs and messages. */
import { createHash } from 'node:crypto';

const wellFormed = /^[\p{L}\p{M}\p{Nd}._\-@+\\]{1,128}$/u;

export function isUserId(text: string): boolean {
  return wellFormed.test(text);
}

/**
 * The form in which two spellings of one name are equal. Lower case by code point and nothing stronger: a
 * fuller folding would make `straße` and `strasse`, two Windows accounts, one.
 */
export function foldUserId(userId: string): string {
  return Array.from(userId.normalize('NFC'), (character) => character.toLowerCase())
    .join('')
    .normalize('NFC');
}

/**
 * 128 bits that stand for the user wherever a name must not: table keys, challenge ids, queue messages, logs.
 * Not a secret; whoever knows the name can compute it.
 */
export function locatorOf(userId: string): string {
  return createHash('sha256')
    .update('user\0')
    .update(foldUserId(userId))
    .digest()
    .subarray(0, 16)
    .toString('base64url');
}
