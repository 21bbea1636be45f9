/** A code is found in whatever was pasted. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPastedCode } from '../../../../shared/domain/text/pasted-code.ts';
import { smsForCode } from '../../../../shared/messages/sms.ts';
import { locales } from '../../../../shared/messages/texts.ts';

/** Any unit of UTF-16, and often those that mean something here. */
const unitOfText = fc.oneof(
  fc.constantFrom(...'0123456789٣ #@.-'),
  fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
);

describe('a code is read out of what holds it', () => {
  test.each([
    ['482913', 'as it is'],
    [' 482 913 ', 'with gaps'],
    ['482-913', 'with a hyphen'],
    ['#482913', 'as the last line of an SMS has it'],
    ['٤٨٢٩١٣', 'in Arabic digits'],
    ['\u200e482913\u200f', 'with marks of direction'],
    ['Your sign-in code is:\n\n482913\n\nIt expires in 5 minutes and works once.', 'in an email'],
    ['FW: code 482913, call +1 202 555 0123 on 29 November 2026', 'beside shorter and longer numbers'],
    ['Office 100200\n\n@login.example.com #482913', 'after another number, where the last line names it'],
    ['It expires in 5 min.@login.example.com #482913', 'where the field joined the lines'],
    ['482913 and again 482913', 'twice'],
  ])('%j: %s', (pasted) => {
    expect(readPastedCode(pasted, 6)).toBe('482913');
  });

  test.each(locales)('in a whole SMS in %s', (locale) => {
    const sms = {
      code: '482913',
      organisation: 'Firma 3000 GmbH',
      secondsLeft: 300,
      locale,
      purpose: 'sign-in',
    } as const;
    expect(readPastedCode(smsForCode(sms), 6)).toBe('482913');
    const bound = smsForCode({ ...sms, originHost: 'login.example.com' });
    expect(readPastedCode(bound, 6)).toBe('482913');
    expect(readPastedCode(bound.replaceAll('\n', ''), 6)).toBe('482913');
  });
});

test.each([
  ['', 'nothing'],
  ['12345', 'too few digits'],
  ['1234567', 'too many digits'],
  ['482913 or 111222', 'two codes'],
  ['@a.example #482913 @b.example #111222', 'two last lines'],
  ['①②③④⑤⑥', 'look-alikes'],
  ['letters', 'no digit'],
  [`${' '.repeat(1_000_000)}482913`, 'more than any message has'],
])('%j is no code', (pasted) => {
  expect(readPastedCode(pasted.slice(0, 1_000_010), 6)).toBeUndefined();
});

test('what is read is always digits of that length, whatever was pasted', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: unitOfText, maxLength: 300 }),
      fc.integer({ min: 6, max: 10 }),
      (pasted, length) => {
        expect(readPastedCode(pasted, length) ?? '0'.repeat(length)).toMatch(
          new RegExp(`^[0-9]{${length}}$`),
        );
      },
    ),
  );
});

test('a code of any length is found in any message that has no other digits', () => {
  const words = fc.string({ unit: fc.constantFrom(...'abc Ümlaut.,:\n'), maxLength: 80 });
  const code = fc
    .integer({ min: 6, max: 10 })
    .chain((length) =>
      fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length }),
    );
  fc.assert(
    fc.property(words, code, words, (before, digits, after) => {
      expect(readPastedCode(`${before} ${digits} ${after}`, digits.length)).toBe(digits);
    }),
  );
});
