/** SMS with codes. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Purpose } from '../../../shared/domain/identifiers/challenge-id.ts';
import type { NoticeKind } from '../../../shared/domain/user-record/notice.ts';
import { septets } from '../../../shared/messages/gsm7.ts';
import { type SmsCode, smsForCode, smsForNotice } from '../../../shared/messages/sms.ts';
import { locales } from '../../../shared/messages/texts.ts';
import { anyCharacter } from '../../support/any-character.ts';

const plain: SmsCode = {
  code: '123456',
  purpose: 'sign-in',
  organisation: 'ExampleCo',
  secondsLeft: 300,
  locale: 'en',
};
const originHost = 'login.example.com';

describe('the SMS with a code', () => {
  test('says whose code it is, how long it lives, and binds it to the host in its last line', () => {
    expect(smsForCode({ ...plain, originHost })).toBe(
      '123456 is your ExampleCo sign-in code. It expires in 5 min. Nobody will ask you for it.\n\n@login.example.com #123456',
    );
  });

  test.each([
    [600, '10 min'],
    [299, '5 min'],
    [115, '2 min'],
    [114, '1 min'],
    [60, '1 min'],
    [59, '59 s'],
    [1, '1 s'],
  ])('promises at most five seconds more than the %i that are left: %s', (secondsLeft, lifetime) => {
    expect(smsForCode({ ...plain, secondsLeft })).toContain(`It expires in ${lifetime}. Nobody`);
  });

  test('keeps names of other scripts and numbers in one piece in Arabic', () => {
    expect(smsForCode({ ...plain, locale: 'ar' })).toContain('\u2068ExampleCo\u2069: 123456.');
    expect(smsForCode({ ...plain, locale: 'ar', organisation: 'الشركة' })).toContain('إلى الشركة: 123456.');
    expect(smsForNotice('code-used', 'ExampleCo', '+1 202-555-0100', 'ar')).toContain(
      '\u2066+1 202-555-0100\u2069',
    );
    expect(smsForNotice('code-used', 'ExampleCo', 'مكتب 12', 'ar')).toContain('\u2068مكتب 12\u2069');
  });

  test('cuts a name between its characters, not within one', () => {
    const message = smsForCode({ ...plain, locale: 'ar', organisation: '👩‍👩‍👧‍👦'.repeat(9), originHost });
    expect(message.replace(/👩‍👩‍👧‍👦/gu, '')).not.toMatch(/[👩👧👦\u200d]/u);
  });

  test('is one line where no host is configured', () => {
    expect(smsForCode(plain)).not.toMatch(/[\n@#]/);
  });

  test('is one line in India, whose operators compare it with a registered template', () => {
    expect(smsForCode({ ...plain, originHost, country: 'IN' })).toBe(smsForCode(plain));
  });

  test.each(['3M', 'HP', 'X'])('names an organisation as short as %s', (organisation) => {
    expect(smsForCode({ ...plain, organisation, originHost })).toContain(` ${organisation} `);
  });

  test.each(['株式会社', '😀', '', '\u202E\r\n', '@#'])(
    'does without a name that cannot be spelled: %j',
    (organisation) => {
      expect(smsForCode({ ...plain, organisation })).toBe(
        '123456 is your sign-in code. Nobody will ask you for it.',
      );
    },
  );

  test.each([
    ['plain', '@evil.example #000000'],
    ['full-width', '＠evil.example ＃000000'],
    ['small', '﹫evil.example ﹟000000'],
    ['on a line of its own', 'ExampleCo\n\n@evil.example #000000'],
    ['after a separator of lines', 'ExampleCo\u2028@evil.example #000000'],
  ])('has no second line for the browser, whatever name asks for one: %s', (_, organisation) => {
    for (const locale of locales) {
      const message = smsForCode({ ...plain, organisation, originHost, locale });
      expect(message.match(/[@#＠＃]/g)).toEqual(['@', '#']);
      expect(message.endsWith('\n\n@login.example.com #123456')).toBe(true);
    }
  });

  test.each(['{code}', '${code}', '%s', '$&'])('template injection: %j stays as it is', (organisation) => {
    expect(smsForCode({ ...plain, organisation })).toContain(`your ${organisation} sign-in`);
  });

  test('gives up the line for the browser before the code where both do not fit', () => {
    const long = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(30)}.example.com`;
    expect(smsForCode({ ...plain, originHost: long })).toBe(
      '123456 is your sign-in code. Nobody will ask you for it.',
    );
  });

  const names = fc.oneof(
    fc.string({ unit: anyCharacter, maxLength: 500 }),
    fc.string({
      unit: fc.constantFrom('€', '[', '😀', 'ش', 'é', ' ', '#', '@', '\n', '\u202E'),
      maxLength: 200,
    }),
  );
  const codes = fc.stringMatching(/^\d{6,10}$/);
  const purposes = fc.constantFrom<Purpose>('sign-in', 'recovery');

  test.each(locales)('is one message in %s, whatever the organisation is called', (locale) => {
    fc.assert(
      fc.property(names, codes, fc.boolean(), purposes, (organisation, code, bound, purpose) => {
        const message = smsForCode({
          code,
          purpose,
          organisation,
          secondsLeft: 600,
          locale,
          originHost: bound ? originHost : undefined,
        });
        if (locale === 'ar') expect(message.length).toBeLessThanOrEqual(70);
        else expect(septets(message) ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(160);
        expect(message.isWellFormed()).toBe(true);
        expect(message).toContain(code);
        if (bound) expect(message.split('\n').at(-1)).toBe(`@${originHost} #${code}`);
      }),
    );
  });
});

describe('the SMS that notifies', () => {
  const contact = 'help@example.com';
  const kinds: readonly NoticeKind[] = [
    'address-changed',
    'questions-changed',
    'codes-generated',
    'code-used',
    'codes-running-low',
    'recovery-succeeded',
    'answers-accepted',
    'messages-used-up',
    'names-changed',
  ];

  test.each(kinds)('of %s says in every language whom to tell, by an address that works', (kind) => {
    const messages = locales.map((locale) => smsForNotice(kind, 'ExampleCo', contact, locale));
    for (const message of messages) {
      expect(message).toMatch(/^\u2068?ExampleCo\u2069?: /);
      expect(message).toContain(contact);
    }
    expect(new Set(messages).size).toBe(locales.length);
  });

  test('does not cut a long contact', () => {
    const long = `it-service-desk@${'department.'.repeat(6)}example.com`;
    expect(smsForNotice('code-used', 'ExampleCo', long, 'en')).toContain(`contact ${long} at once`);
  });

  test('keeps the apostrophes of French', () => {
    expect(smsForNotice('code-used', 'ExampleCo', contact, 'fr')).toContain("Si ce n'est pas vous");
  });

  test('starts with what happened where the name cannot be spelled', () => {
    expect(smsForNotice('code-used', '株式会社', contact, 'en')).toMatch(/^A backup code was used\./);
  });
});
