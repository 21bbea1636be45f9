/** How a code is derived, and which typed codes are read. */

import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attemptDigest, type CodeBinding, codeOf } from '../../../../shared/domain/challenge/code.ts';
import { sameDigest } from '../../../../shared/domain/crypto/digest.ts';
import { keyringOf } from '../../../../shared/domain/crypto/keyring.ts';
import { readTypedCode } from '../../../../shared/domain/text/typed-code.ts';
import { anyCharacter } from '../../../support/any-character.ts';

const keyring = keyringOf(
  new Map([
    [2, randomBytes(32)],
    [1, randomBytes(32)],
  ]),
);
const binding: CodeBinding = {
  challengeId: 'challenge',
  client: 'web-login',
  purpose: 'sign-in',
  method: 'SMS',
  expiresAt: Date.parse('2026-03-02T09:05:00Z'),
  maxAttempts: 5,
  attemptsBefore: 0,
  name: randomBytes(40),
  sequence: 1,
  nonce: randomBytes(16).toString('base64url'),
  key: 1,
  digits: 10,
};

describe('a code', () => {
  test('is the same whenever it is computed for the same delivery', () => {
    expect(codeOf(binding, keyring)).toBe(codeOf({ ...binding }, keyring));
  });

  test.each([
    ['challenge', { challengeId: 'another' }],
    ['client', { client: 'helpdesk' }],
    ['purpose', { purpose: 'recovery' }],
    ['send', { sequence: 2 }],
    ['nonce', { nonce: randomBytes(16).toString('base64url') }],
    ['key', { key: 2 }],
    ['recovery', { recovery: 'recovery' }],
    ['method', { method: 'Email' }],
    ['end', { expiresAt: binding.expiresAt + 1 }],
    ['number of attempts', { maxAttempts: 6 }],
    ['first attempt', { attemptsBefore: 1 }],
  ])('is another when its %s is another', (_part, change) => {
    expect(codeOf({ ...binding, ...change }, keyring)).not.toBe(codeOf(binding, keyring));
  });

  test('has as many digits as asked, leading zeros included', () => {
    for (const digits of [6, 7, 8, 9, 10]) {
      const codes = Array.from({ length: 200 }, (_, sequence) =>
        codeOf({ ...binding, digits, sequence }, keyring),
      );
      expect(codes.every((code) => new RegExp(`^[0-9]{${digits}}$`).test(code))).toBe(true);
      expect(codes.some((code) => code.startsWith('0'))).toBe(true);
    }
  });

  // Pearson's chi-squared with nine degrees of freedom exceeds 33.7 once in ten thousand uniform samples. The
  // inputs are fixed, so that a run that passes passes always.
  test('has digits that are uniform over 0 to 9 at every place', () => {
    const fixed = keyringOf(new Map([[1, Buffer.alloc(32, 7)]]));
    const samples = 20_000;
    const counts = Array.from({ length: 6 }, () => new Array<number>(10).fill(0));
    for (let sequence = 0; sequence < samples; sequence += 1) {
      const code = codeOf({ ...binding, nonce: 'fixed', digits: 6, sequence }, fixed);
      Array.from(code).forEach((digit, place) => {
        (counts[place] as number[])[Number(digit)] =
          ((counts[place] as number[])[Number(digit)] as number) + 1;
      });
    }
    for (const place of counts) {
      const expected = samples / 10;
      const statistic = place.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      expect(statistic).toBeLessThan(33.7);
    }
  });
});

describe('Unicode digits: a typed code', () => {
  test.each([
    ['123456', '123456'],
    ['123 456', '123456'],
    ['123-456', '123456'],
    ['12.34.56', '123456'],
    [' 1\u00a02\u20093\u20114\u2014 5\u22126 ', '123456'],
    ['１２３４５６', '123456'],
    ['١٢٣٤٥٦', '123456'],
    ['१२३४५६', '123456'],
    ['𝟏𝟐𝟑𝟒𝟓𝟔', '123456'],
    ['\u200f١٢٣٤٥٦\u200e', '123456'],
    ['123\u200b456\u00ad\ufeff', '123456'],
    ['#123456', '123456'],
    ['\u2066 #123-456\u2069', '123456'],
  ])('%j is read as %s', (typed, digits) => {
    expect(readTypedCode(typed)).toBe(digits);
  });

  test.each([
    '①②③④⑤⑥',
    '¹²³⁴⁵⁶',
    '₁₂₃₄₅₆',
    '12345a',
    '½23456',
    'Ⅰ23456',
    '12#3456',
    '123\u0000456',
    '12345O',
    '一二三四五六',
  ])('%j is not read', (typed) => {
    expect(readTypedCode(typed)).toBeUndefined();
  });

  test('gives every decimal digit of Unicode its own value', () => {
    let zeros = 0;
    for (let codePoint = 0; codePoint <= 0x10ffff; codePoint += 1) {
      const character = codePoint >= 0xd800 && codePoint <= 0xdfff ? '' : String.fromCodePoint(codePoint);
      if (!/^\p{Nd}$/u.test(character)) continue;
      const compatible = character.normalize('NFKC');
      const value = readTypedCode(character);
      if (/^[0-9]$/.test(compatible) && value !== compatible)
        throw new Error(`U+${codePoint.toString(16)} is ${value}`);
      if (value === '0') zeros += 1;
    }
    // Every script brings ten digits, so as many zeros as there are decimal systems: more than sixty.
    expect(zeros).toBeGreaterThan(60);
  });

  test('never becomes anything but ASCII digits', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 64 }), (typed) => {
        expect(readTypedCode(typed) ?? '').toMatch(/^[0-9]*$/);
      }),
    );
  });
});

test('an attempt is recorded by a digest that another challenge or key does not share', () => {
  const digest = attemptDigest('123456', 'challenge', 1, keyring);
  expect(digest).toHaveLength(22);
  expect(sameDigest(digest, attemptDigest('123456', 'challenge', 1, keyring))).toBe(true);
  expect(sameDigest(digest, attemptDigest('123457', 'challenge', 1, keyring))).toBe(false);
  expect(sameDigest(digest, attemptDigest('123456', 'another', 1, keyring))).toBe(false);
  expect(sameDigest(digest, attemptDigest('123456', 'challenge', 2, keyring))).toBe(false);
});
