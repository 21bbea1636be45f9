/** Backup codes as text: 16 characters of Crockford's base32, which are 80 bits, read as people type them. */
import { randomBytes } from 'node:crypto';
import { normalizeTypedCode } from '../text/typed-code.ts';

/** Without I, L, O and U: nothing in it looks like anything else in it. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const characters = 16; // SP 800-63B-4 §4.2.1.1 asks for 64 bits
const group = 4;

/** `7K3M-Q0ZC-9RTW-1XHB` */
export function newBackupCode(): string {
  // 256 is a multiple of 32: every character is as likely as any other.
  const code = Array.from(randomBytes(characters), (byte) => alphabet[byte % 32]).join('');
  return (code.match(new RegExp(`.{${group}}`, 'g')) as string[]).join('-');
}

/**
 * A typed code in the one form that is hashed: upper case, digits of any script as their value, no hyphens, dots or
 * spaces, the look-alikes within ASCII read as meant. A number in front, as the list of codes shows, is skipped.
 * `undefined` for what cannot be a code.
 */
export function readBackupCode(typed: string): string | undefined {
  return [typed, typed.replace(numberInFront, '')].map(plain).find(isCode);
}

const numberInFront = /^\s*\p{Nd}{1,2}\s*[.:)]/u;
const fullWidth = /[\uFF21-\uFF3A\uFF41-\uFF5A]/g; // what a keyboard for East Asian scripts types for letters

function plain(typed: string): string {
  return normalizeTypedCode(typed)
    .replace(fullWidth, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0))
    .replace(/[a-z]/g, (letter) => letter.toUpperCase()) // of ASCII alone: an upper-case \u0131 would be an I
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
}

const isCode = (text: string): boolean =>
  text.length === characters && Array.from(text).every((character) => alphabet.includes(character));
