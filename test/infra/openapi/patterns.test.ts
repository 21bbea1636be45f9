/** The patterns of the OpenAPI document take all that the API takes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { patterns } from '../../../infra/openapi/patterns.ts';
import { readBackupCode } from '../../../shared/domain/backup-codes/backup-code.ts';
import { isUserId } from '../../../shared/domain/identifiers/user-id.ts';
import { readTypedCode } from '../../../shared/domain/text/typed-code.ts';

const takes = (pattern: string, text: string) => new RegExp(pattern, 'u').test(text);
/** Text of a few characters that matter here, and any others between them. */
const textOf = (characters: string, maxLength: number) =>
  fc
    .array(fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...characters) }, fc.string({ maxLength: 1 })), {
      maxLength,
    })
    .map((pieces) => pieces.join(''));

test('a user id is taken, whatever its script', () => {
  fc.assert(
    fc.property(textOf("aZé漢٣._-@+\\ '|#\t\n\u0301\u200d", 40), (text) => {
      fc.pre(isUserId(text));
      expect(takes(patterns.userId, text)).toBe(true);
    }),
  );
});

test('a one-time code of six digits or more is taken however it is typed', () => {
  fc.assert(
    fc.property(textOf('0123٣९-. \u200e', 40), (text) => {
      const code = readTypedCode(text);
      fc.pre(code !== undefined && code.length >= 6);
      expect(takes(patterns.code, text)).toBe(true);
    }),
  );
});

test('a backup code is taken however it is typed', () => {
  const typed = fc.tuple(
    fc.constantFrom('', '1. ', '12) '),
    fc.array(fc.constantFrom(...'0123456789abcdefghjkmnpqrstvwxyzABCOIl٣Ａ'), {
      minLength: 16,
      maxLength: 16,
    }),
    fc.constantFrom('', '-', ' ', '.'),
  );
  fc.assert(
    fc.property(typed, ([front, characters, between]) => {
      const text = front + characters.join(between);
      fc.pre(readBackupCode(text) !== undefined);
      expect(takes(patterns.backupCode, text)).toBe(true);
    }),
  );
});

test.each([
  [patterns.code, '0漢é9'],
  [patterns.code, 'wrong'],
  [patterns.backupCode, 'c-<'],
  [patterns.phone, '@+Z'],
  [patterns.userId, '<script>'],
  [patterns.userId, 'a/b'],
  [patterns.userId, 'a\tb'],
])('%s refuses %s', (pattern, text) => {
  expect(takes(pattern, text)).toBe(false);
});
