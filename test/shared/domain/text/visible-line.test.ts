/** Names from outside become one line that can be seen. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { visibleLine } from '../../../../shared/domain/text/visible-line.ts';
import { anyCharacter } from '../../../support/any-character.ts';

describe('a name from outside', () => {
  test.each([
    ['line breaks', 'Ex\r\nBcc: x', 'Ex Bcc: x'],
    ['separators of lines and paragraphs', 'Ex\u2028ample\u2029Co', 'Ex ample Co'],
    ['marks that turn the direction', 'Ex\u202Eample\u2066Co\u200F', 'ExampleCo'],
    ['invisible marks', '\uFEFFEx\u200Bample\u00AD', 'Example'],
    ['a NUL', 'Ex\u0000ample', 'Ex ample'],
    ['joiners that join nothing', 'Ex\u200Dample\u200C', 'Example'],
    ['tabs and runs of spaces', '  Ex \t  ample ', 'Ex ample'],
  ])('loses %s', (_, name, visible) => {
    expect(visibleLine(name, 64)).toBe(visible);
  });

  test.each([
    ['of an emoji', '👩‍👩‍👧‍👦 Familie'],
    ['of an emoji with a skin', '👩🏽‍💻'],
    ['of a heart in flames', '❤️‍🔥'],
    ['of Persian', 'می‌خواهم'],
    ['of Hindi', 'क्‍ष'],
    ['of the flag of England', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
  ])('keeps the joiners %s', (_, name) => {
    expect(visibleLine(name, 64)).toBe(name);
  });

  test.each([
    ['😀😀😀', 2, '😀😀'],
    ['cafe\u0301', 4, 'caf'],
    ['👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 13, '👩‍👩‍👧‍👦'],
    ['x'.repeat(100), 64, 'x'.repeat(64)],
  ])('%j is cut at %i between characters, never inside one', (name, most, cut) => {
    expect(visibleLine(name, most)).toBe(cut);
  });

  test('is one line that has no more characters than it may, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 100 }), fc.nat({ max: 64 }), (name, most) => {
        const line = visibleLine(name, most);
        expect(Array.from(line).length).toBeLessThanOrEqual(most);
        expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
        expect(visibleLine(line, most)).toBe(line);
      }),
    );
  });
});
