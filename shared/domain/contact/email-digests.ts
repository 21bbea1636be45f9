/** Finding people by an email address without decrypting anybody: digests that stand before an enrolled contact. */
import { hmac, type Keyring } from '../crypto/keyring.ts';
import { readEmailAddress } from '../text/email-address.ts';

/** In this order. An address under one kind has another digest than under the other. */
const kinds = ['email', 'alternateEmail'] as const;
type Emails = Readonly<Partial<Record<(typeof kinds)[number], string | undefined>>>;

/** Where a contact without digests has its key's version, which is never zero. */
const mark = Buffer.alloc(2);
const digestBytes = 16;
const headBytes = mark.length + kinds.length * digestBytes;

/**
 * Two addresses are one when these are equal: in any case, and with a domain of other scripts however it is written.
 * `undefined` for what is no address.
 */
export function foldEmail(typed: string): string | undefined {
  return readEmailAddress(typed)?.toLowerCase();
}

/**
 * What stands before the ciphertext, 34 bytes: a mark (2) and a digest for each kind of address (16). Where there is no
 * address one of the person stands, which stays too, so that nobody sees how many there are.
 */
export function emailHead(emails: Emails, locator: string, keyring: Keyring): Buffer {
  const digests = kinds.map((kind) => {
    const folded = foldEmail(emails[kind] ?? '');
    return folded === undefined
      ? digestOf(`no ${kind}`, locator, keyring.current, keyring)
      : digestOf(kind, folded, keyring.current, keyring);
  });
  return Buffer.concat([mark, ...digests]);
}

/** The head and the ciphertext of an enrolled contact. A contact from before there were digests has an empty head. */
export function splitHead(contact: Uint8Array): { readonly head: Buffer; readonly ciphertext: Buffer } {
  const bytes = Buffer.from(contact.buffer, contact.byteOffset, contact.byteLength);
  const isMarked = bytes.length > headBytes + mark.length && bytes.subarray(0, mark.length).equals(mark);
  const end = isMarked ? headBytes : 0;
  return { head: bytes.subarray(0, end), ciphertext: bytes.subarray(end) };
}

/**
 * Tells of an enrolled contact whether it may have the address. Only "no" is certain: whoever it may be has to be
 * decrypted and compared. That is so too where there are no digests, or those of a key that is not known here.
 *
 * @param folded see `foldEmail`
 */
export function emailSearch(folded: string, keyring: Keyring): (contact: Uint8Array) => boolean {
  const wanted = new Map(
    keyring.versions.map((version) => [
      version,
      kinds.map((kind) => digestOf(kind, folded, version, keyring)),
    ]),
  );
  return (contact) => {
    const { head, ciphertext } = splitHead(contact);
    const digests = head.length === 0 ? undefined : wanted.get(ciphertext.readUInt16BE(0));
    return digests === undefined || digests.some((digest, place) => digest.equals(digestAt(head, place)));
  };
}

function digestAt(head: Buffer, place: number): Buffer {
  const start = mark.length + place * digestBytes;
  return head.subarray(start, start + digestBytes);
}

function digestOf(kind: string, value: string, version: number, keyring: Keyring): Buffer {
  return hmac(keyring.key('email', version), kind, value).subarray(0, digestBytes);
}
