/** What a backup code looks like, and all the ways to type it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newBackupCode, readBackupCode } from '../../../../shared/domain/backup-codes/backup-code.ts';

const spellings: ((code: string) => string)[] = [
  (code) => code.toLowerCase(),
  (code) => code.replaceAll('-', ''),
  (code) => code.replaceAll('-', ' '),
  (code) => ` ${code}\n`,
  (code) => code.replaceAll('0', 'o'),
  (code) => code.replaceAll('0', 'O'),
  (code) => code.replaceAll('1', 'i'),
  (code) => code.replaceAll('1', 'L'),
  (code) => code.replaceAll('-', '\u2011'),
  (code) => code.replaceAll('-', '.'),
  (code) => `\u200f${code.replaceAll('-', '\u00ad')}\u200e`,
  (code) => code.replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit))),
  (code) => code.replace(/[A-Z0-9]/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0xfee0)),
];

/** As a list shows them. */
const numbers = fc.constantFrom('', '7. ', '10: ', ' 3) ');

test('a code is sixteen characters of Crockford’s alphabet in groups of four', () => {
  const codes = Array.from({ length: 500 }, newBackupCode);
  expect(codes.every((code) => /^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/.test(code))).toBe(true);
  expect(new Set(codes).size).toBe(500);
});

test('every character of the alphabet comes up about as often', () => {
  const counts = new Map<string, number>();
  for (let made = 0; made < 4_000; made += 1) {
    for (const character of newBackupCode().replaceAll('-', ''))
      counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  expect(counts.size).toBe(32);
  // 2,000 expected each; six standard deviations are 264: a run fails by chance once in ten million.
  for (const count of counts.values()) expect(Math.abs(count - 2_000)).toBeLessThan(264);
});

test('all spellings of a code are the same code', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...spellings),
      fc.constantFrom(...spellings),
      numbers,
      (one, other, number) => {
        const code = newBackupCode();
        expect(readBackupCode(`${number}${one(other(code))}`)).toBe(code.replaceAll('-', ''));
      },
    ),
  );
});

test.each([
  '',
  '----',
  '7K3M-Q0ZC-9RTW-1XH',
  '7K3M-Q0ZC-9RTW-1XHBB',
  '7K3M-Q0ZC-9RTW-1XHU',
  '7K3M_Q0ZC_9RTW_1XHB',
  '①K3M-Q0ZC-9RTW-1XH',
  '⑦K3M-Q0ZC-9RTW-1XHB',
  '⁷K3M-Q0ZC-9RTW-1XHB',
  '7ⓀⒾM-Q0ZC-9RTW-1XHB',
  '7K3M-Q0ZC-9RTW-\u0131XHB',
  '7K3M-Q0ZC-9RTW-1XH\u212a',
])('%j is no code', (typed) => {
  expect(readBackupCode(typed)).toBeUndefined();
});
