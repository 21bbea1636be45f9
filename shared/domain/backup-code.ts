/** Backup codes as text: 16 characters of Crockford's base32, which are 80 bits, read as people type them. */
import { randomBytes } from 'node:crypto';

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
 * A typed code in the one form that is hashed: upper case, no hyphens or spaces, the look-alikes read as meant.
 * A number in front, as the list of codes shows, is skipped. `undefined` for what cannot be a code.
 */
export function readBackupCode(typed: string): string | undefined {
  const code = typed
    .normalize('NFKC')
    .trim()
    .replace(/^\d{1,2}\s*[.:)]\s*/, '')
    .toUpperCase()
    .replace(/[\s\p{Pd}\u2212]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  return code.length === characters && Array.from(code).every((character) => alphabet.includes(character))
    ? code
    : undefined;
}
