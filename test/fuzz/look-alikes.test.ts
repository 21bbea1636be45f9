/** What looks like something that a parser takes, and is not: names, ids, keys and addresses. */

import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Contact,
  decryptContact,
  encryptContact,
  encryptEnrolled,
} from '../../shared/domain/contact/contact.ts';
import { sameInbox } from '../../shared/domain/contact/same-inbox.ts';
import { keyringOf } from '../../shared/domain/crypto/keyring.ts';
import { newChallengeId, slotOf } from '../../shared/domain/identifiers/challenge-id.ts';
import { foldUserId, isUserId } from '../../shared/domain/identifiers/user-id.ts';
import { deliveryIdOf, readDeliveryId } from '../../shared/domain/queues/delivery-id.ts';
import { readQueueMessage } from '../../shared/domain/queues/read-message.ts';
import { keyVersions } from '../../shared/environment/configuration.ts';
import { anyCharacter } from '../support/any-character.ts';
import { someKey } from '../support/person.ts';

const challengeId = newChallengeId({
  kind: 'otp',
  purpose: 'sign-in',
  locator: someKey('somebody'),
  slot: slotOf({}),
});
const message = { kind: 'otp', challengeId, challengeKey: 'A'.repeat(16), sequence: 1 } as const;

test.each([
  '',
  '1',
  '=key',
  '1=',
  '0=key',
  '-1=key',
  '+1=key',
  '01=key',
  '1.0=key',
  '1e1=key',
  '0x1=key',
  ' 1=key',
  '65536=key',
  '1=key,',
  '1=key,1=other',
  '2=key,1',
])('%j names no keys', (text) => {
  expect(() => keyVersions(text)).toThrow('key versions are written as');
});

test.each([
  `${challengeId}`,
  `${challengeId}.${message.challengeKey}`,
  `${challengeId}.${message.challengeKey}.`,
  `${challengeId}.${message.challengeKey}.0`,
  `${challengeId}.${message.challengeKey}.01`,
  `${challengeId}.${message.challengeKey}.1.1`,
  `${challengeId}.${message.challengeKey}.-1`,
  `${challengeId}.${message.challengeKey}.12345`,
  `${challengeId}.__proto__.1`,
  `${challengeId}..1`,
  ` ${challengeId}.${message.challengeKey}.1`,
  `${challengeId}.${message.challengeKey}.1\n`,
])('%j is no delivery', (text) => {
  expect(readDeliveryId(text)).toBeUndefined();
  expect(readDeliveryId(deliveryIdOf(message))).toEqual(message);
});

test.each([
  ['null', null],
  ['a list', [message]],
  ['of no kind', { ...message, kind: 'toString' }],
  ['without a send', { ...message, sequence: undefined }],
  ['with half a send', { ...message, sequence: 1.5 }],
  ['of a challenge that is none', { ...message, challengeId: '+12025550123' }],
  ['at a place that is none', { ...message, challengeKey: '__proto__' }],
  ['with tries before the first', { ...message, tries: -1 }],
  [
    'a notice to no address',
    { kind: 'notice', locator: someKey('a'), notice: foldUserId('b'), address: 'fax' },
  ],
  ['a notice of no name', { kind: 'notice', locator: someKey('a'), notice: 'constructor', address: 'email' }],
])('a queue message that is %s is not read', (_, body) => {
  expect(readQueueMessage(JSON.stringify(body))).toBeUndefined();
  expect(readQueueMessage(JSON.stringify(message))).toEqual(message);
});

test.each([
  ['alice', 'аlice'], // a Cyrillic letter
  ['ırıs', 'iris'],
  ['user1', 'user١'],
  ['CORP\\alice', 'CORP/alice'],
  ['alice', 'alice.'],
  ['rn', 'm'],
])('%j and %j are two people, or one of them is none', (one, other) => {
  expect(isUserId(one)).toBe(true);
  expect(isUserId(other) && foldUserId(one) === foldUserId(other)).toBe(false);
});

test('a name is the same person in any case and normal form', () => {
  const letters = fc.stringMatching(/^[a-zäöüéñçа-я0-9._-]{1,40}$/);
  const property = fc.property(letters, (name) => {
    for (const spelling of [name.toUpperCase(), name.normalize('NFD'), name.toUpperCase().normalize('NFD')])
      expect(foldUserId(spelling)).toBe(foldUserId(name));
  });
  fc.assert(property);
  expect(foldUserId('alice')).not.toBe(foldUserId('alicia'));
});

test.each([
  ['a tab before an invisible character', 'alice\t\u200b'],
  ['a tab before a joiner', 'alice\t\u200c'],
  ['an invisible character before a tab', 'alice\u200b\t'],
])('%s after a name takes no part in its comparison', (_, name) => {
  expect(foldUserId(name)).toBe('alice');
});

test('folding a name twice changes nothing, and two letters or digits that differ to it differ to a case-blind eye', () => {
  const property = fc.property(fc.string({ unit: anyCharacter, minLength: 1, maxLength: 20 }), (text) => {
    expect(foldUserId(foldUserId(text))).toBe(foldUserId(text));
  });
  fc.assert(property, { numRuns: 2_000 });
  const letters = Array.from({ length: 0x3000 }, (_, code) => String.fromCodePoint(code)).filter((letter) =>
    /^(?!\p{DI})[\p{L}\p{Nd}]$/u.test(letter.normalize('NFKC')),
  );
  for (const letter of letters) {
    const [folded = '', ...more] = Array.from(foldUserId(letter));
    if (more.length > 0) continue;
    // What Unicode's simple folding joins, or NFKC does: nothing else.
    expect(new RegExp(`^${folded}$`, 'iu').test(letter.normalize('NFKC')), letter).toBe(true);
  }
});

test.each([
  ['gmail.com', 'googlemail.com'],
  ['icloud.com', 'me.com'],
  ['proton.me', 'protonmail.com'],
  ['ya.ru', 'yandex.ru'],
])('%s and %s are one provider, at which a name is one inbox', (one, other) => {
  expect(sameInbox(`a.lice@${one}`, `Alice+work@${other}`)).toBe(true);
  expect(sameInbox(`alice@${one}`, `alice@example.${other}`)).toBe(false);
});

test('an inbox has many spellings, and another inbox none of them', () => {
  const local = fc.stringMatching(/^[a-z0-9]{1,20}$/);
  const property = fc.property(local, local, fc.nat({ max: 19 }), fc.string(), (name, other, at, tag) => {
    const address = `${name}@example.com`;
    const place = at % name.length;
    const dotted = `${name.slice(0, place)}.${name.slice(place)}@example.com`;
    for (const spelling of [
      address.toUpperCase(),
      dotted,
      `${name}+${tag.replaceAll('@', '')}@example.com`,
    ]) {
      expect(sameInbox(address, spelling)).toBe(true);
      expect(sameInbox(spelling, address)).toBe(true);
    }
    expect(sameInbox(address, `${name}@example.org`)).toBe(false);
    expect(sameInbox(address, `${other}@example.com`)).toBe(other === name);
  });
  fc.assert(property);
});

const keyring = keyringOf(new Map([[1, randomBytes(32)]]));
const locator = foldUserId('somebody');
const contacts: fc.Arbitrary<Contact> = fc.record(
  {
    userId: fc.string({ unit: anyCharacter }).map((text) => text.toWellFormed()),
    displayName: fc.string(),
    email: fc.emailAddress(),
  },
  { requiredKeys: ['userId'] },
);

const ways = Object.entries({ encryptContact, encryptEnrolled });

test.each(ways)('sealed data of %s opens as it was, for its own user alone', (_, seal) => {
  const property = fc.property(contacts, fc.string(), (contact, name) => {
    const ciphertext = seal(contact, locator, keyring);
    expect(decryptContact(ciphertext, locator, keyring)).toEqual(contact);
    if (foldUserId(name) !== locator)
      expect(() => decryptContact(ciphertext, foldUserId(name), keyring)).toThrow();
  });
  fc.assert(property);
});

test.each(ways)(
  'sealed data of %s with a bit turned, a byte less or a byte more does not open, nor do any other bytes',
  (_, seal) => {
    const property = fc.property(
      contacts,
      fc.nat(),
      fc.nat({ max: 7 }),
      fc.uint8Array({ maxLength: 80 }),
      (contact, at, bit, any) => {
        const ciphertext = Buffer.from(seal(contact, locator, keyring));
        const turned = Buffer.from(ciphertext);
        const place = at % ciphertext.length;
        turned[place] = (turned[place] as number) ^ (1 << bit);
        const longer = Buffer.concat([ciphertext, Buffer.of(0)]);
        for (const bytes of [
          turned,
          ciphertext.subarray(0, -1),
          ciphertext.subarray(1),
          ciphertext.subarray(0, at % ciphertext.length),
          longer,
          Buffer.from(any),
        ])
          expect(() => decryptContact(bytes, locator, keyring)).toThrow();
      },
    );
    fc.assert(property, { numRuns: 300 });
  },
);
