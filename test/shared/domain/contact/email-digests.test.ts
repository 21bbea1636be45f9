/** Digests of addresses: whom a search may mean, and what it says of nobody. */
import { expect, test } from 'vitest';
import {
  decryptContact,
  encryptContact,
  encryptEnrolled,
} from '../../../../shared/domain/contact/contact.ts';
import { emailSearch, foldEmail, splitHead } from '../../../../shared/domain/contact/email-digests.ts';
import { keyringOf } from '../../../../shared/domain/crypto/keyring.ts';

const master = (digit: number) => [digit, Buffer.alloc(32, digit)] as const;
const keyring = keyringOf(new Map([master(1)]));
const rotated = keyringOf(new Map([master(2), master(1)]));

const emails = { email: 'Erin@Example.com', alternateEmail: 'erin@bücher.example' };
const enrolled = (more: object = emails, locator = 'erin', keys = keyring) =>
  encryptEnrolled({ userId: 'erin', ...more }, locator, keys);
const mayMean = (typed: string, contact: Uint8Array, keys = keyring) =>
  emailSearch(foldEmail(typed) ?? '', keys)(contact);
const digestsOf = (contact: Uint8Array) => {
  const { head } = splitHead(contact);
  return [head.subarray(2, 18), head.subarray(18)].map((digest) => digest.toString('hex'));
};

test.each([
  'erin@example.com',
  'ERIN@EXAMPLE.COM',
  ' erin@example.com ',
  'Erin@BÜCHER.example',
  'erin@xn--bcher-kva.example',
])('%s may mean the person', (typed) => {
  expect(mayMean(typed, enrolled())).toBe(true);
});

test.each(['erin@example.org', 'erin+1@example.com', 'e.rin@example.com'])('%s does not', (typed) => {
  expect(mayMean(typed, enrolled())).toBe(false);
});

test.each(['', 'erin', 'erin@', '\u212aerin@example.com', 'a@b.example, c@d.example'])(
  '"%s" is no address',
  (typed) => {
    expect(foldEmail(typed)).toBeUndefined();
  },
);

test('equal addresses have equal digests under one key and one kind, and under no other', () => {
  const one = digestsOf(enrolled());
  expect(digestsOf(enrolled({ ...emails, email: 'erin@example.com' }, 'somebody else'))).toEqual(one);
  const swapped = digestsOf(enrolled({ email: emails.alternateEmail, alternateEmail: emails.email }));
  const later = digestsOf(enrolled(emails, 'erin', rotated));
  expect(new Set([...one, ...swapped, ...later]).size).toBe(6);
});

test('nobody sees how many addresses there are, in one copy of a record or in two', () => {
  const none = digestsOf(enrolled({}));
  expect(digestsOf(enrolled({ displayName: 'Erin' }))).toEqual(none);
  expect(new Set([...none, ...digestsOf(enrolled({}, 'somebody else')), ...digestsOf(enrolled())]).size).toBe(
    6,
  );
  expect(splitHead(enrolled({})).head.length).toBe(splitHead(enrolled()).head.length);
  expect(mayMean('erin@example.com', enrolled({}))).toBe(false);
});

test('over a rotation both keys find, and a key that is not known rules nobody out', () => {
  const [before, after] = [enrolled(), enrolled(emails, 'erin', rotated)];
  expect([before, after].map((contact) => mayMean('erin@example.com', contact, rotated))).toEqual([
    true,
    true,
  ]);
  expect([before, after].map((contact) => mayMean('erin@example.org', contact, rotated))).toEqual([
    false,
    false,
  ]);
  expect(mayMean('erin@example.org', after, keyring)).toBe(true);
});

test('a contact from before there were digests may be anybody’s, and is read as it was', () => {
  const contact = encryptContact({ userId: 'erin', ...emails }, 'erin', keyring);
  expect(mayMean('erin@example.org', contact)).toBe(true);
  expect(decryptContact(contact, 'erin', keyring)).toEqual({ userId: 'erin', ...emails });
});

test('with the digests of somebody else, or without any, a contact is not decrypted', () => {
  const { head, ciphertext } = splitHead(enrolled());
  const { head: other } = splitHead(enrolled({ email: 'mallory@example.com' }));
  expect(decryptContact(Buffer.concat([head, ciphertext]), 'erin', keyring)).toEqual({
    userId: 'erin',
    ...emails,
  });
  for (const bytes of [Buffer.concat([other, ciphertext]), ciphertext])
    expect(() => decryptContact(bytes, 'erin', keyring)).toThrow();
});
