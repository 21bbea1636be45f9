/** Backup codes that the operator must not see: they wait, encrypted, in a notice to one address of the person. */
import { type Contact, encryptContact } from '../contact/contact.ts';
import { codesContext } from '../contact/notices.ts';
import { encrypt } from '../crypto/encryption.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Notice } from '../user-record/notice.ts';

/** The alternate email, since the other one often opens with the password that a thief has; else the email. */
export function codesAddress({ alternateEmail, email }: Contact): string | undefined {
  return alternateEmail ?? email;
}

/** Its contact has this one address, so that no other one gets the codes. */
export function noticeWithCodes(
  codes: readonly string[],
  { userId, locale }: Contact,
  to: string,
  { locator, at }: { readonly locator: string; readonly at: number },
  keyring: Keyring,
): Notice {
  return {
    kind: 'codes-sent',
    at,
    contact: encryptContact({ userId, locale, email: to }, locator, keyring),
    codes: encrypt(codes, codesContext(locator), keyring),
  };
}
