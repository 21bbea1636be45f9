/** Addresses and senders that are taken, and how they are written afterwards. */
import { describe, expect, test } from 'vitest';
import { readEmailAddress, readSender, senderHeader } from '../../../../shared/domain/text/email-address.ts';

const label = 'a'.repeat(63);

describe('an email address', () => {
  test.each([
    'alice@example.com',
    "anne.o'neil@example.com",
    "anne.o'@example.com",
    'r&d@example.com',
    'a/b=c@example.com',
    'x~y@example.com',
    'user%host@example.com',
    "!#$%&'*+/=?^_`{|}~-@example.com",
    'user@example.xn--p1ai',
    'user@xn--mnchen-3ya.de',
    'User.Name@Example.COM',
    `${'a'.repeat(64)}@example.com`,
    `a@${label}.${label}.${'b'.repeat(57)}.com`,
  ])('%s is taken as it is', (address) => {
    expect(readEmailAddress(address)).toBe(address);
  });

  test.each([
    ['user@münchen.de', 'user@xn--mnchen-3ya.de'],
    ['user@почта.рф', 'user@xn--80a1acny.xn--p1ai'],
    ['user@उदाहरण.भारत', 'user@xn--p1b6ci4b4b3a.xn--h2brj9c'],
    ['user@例子.中国', 'user@xn--fsqu00a.xn--fiqs8s'],
    ['user@ＥＸＡＭＰＬＥ。com', 'user@example.com'],
    [' \u202auser@example.com\u202c\ufeff', 'user@example.com'],
  ])('%s is sent to %s', (typed, address) => {
    expect(readEmailAddress(typed)).toBe(address);
  });

  test.each([
    '',
    '@',
    'user',
    'user@',
    '@example.com',
    'user@localhost',
    'user@a-.example.com',
    'user@-a.example.com',
    'user@example..com',
    'user@.example.com',
    'user@example.com.',
    'user@192.0.2.1',
    'user@example.123',
    'user@[192.0.2.1]',
    'user@exa_mple.com',
    '.user@example.com',
    'user.@example.com',
    'us..er@example.com',
    'us er@example.com',
    '"us er"@example.com',
    'müller@example.com',
    'a@b@example.com',
    'a@example.com, b@example.com',
    'a@example.com\r\nBcc: b@example.com',
    `${'a'.repeat(65)}@example.com`,
    `user@a${label}.com`,
    `a@${label}.${label}.${'b'.repeat(58)}.com`.replace('a@', 'aaa@').padEnd(256, 'm'),
    `user@${'ü'.repeat(300)}.de`,
  ])('%s is none', (address) => {
    expect(readEmailAddress(address)).toBeUndefined();
  });
});

describe('a sender', () => {
  test.each([
    ['no-reply@example.com', 'no-reply@example.com'],
    ['Example Org <no-reply@example.com>', '"Example Org" <no-reply@example.com>'],
    ['"Example, Org" <no-reply@example.com>', '"Example, Org" <no-reply@example.com>'],
    ['  <no-reply@example.com>', 'no-reply@example.com'],
    ['Org <no-reply@münchen.de>', '"Org" <no-reply@xn--mnchen-3ya.de>'],
    ['Zoë <a@example.com>', '=?UTF-8?B?Wm/Dqw==?= <a@example.com>'],
  ])('%s is written as %s', (text, header) => {
    const sender = readSender(text);
    expect(sender && senderHeader(sender)).toBe(header);
  });

  test('with a long name is written in words that a head may have', () => {
    const name = 'Österreichische Universität für Bodenkultur, Zentrale Informatikdienste 🎓';
    const header = senderHeader({ name, address: 'a@example.com' });
    const words = header.split(' ').slice(0, -1);
    for (const word of words) expect(word.length).toBeLessThanOrEqual(75);
    const decoded = words.map((word) => Buffer.from(word.slice(10, -2), 'base64').toString()).join('');
    expect(decoded).toBe(name);
  });

  test.each([
    'Example Org',
    'Org <>',
    'Org <a@b>',
    'Org <a@example.com> x',
    'O\r\nBcc: x <a@example.com>',
    '<<a@example.com>>',
  ])('%j is none', (text) => {
    expect(readSender(text)).toBeUndefined();
  });
});
