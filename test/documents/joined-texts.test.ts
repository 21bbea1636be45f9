/** The table of what answers and names join says what the code does. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { foldUserId } from '../../shared/domain/identifiers/user-id.ts';
import { lettersAndDigits } from '../../shared/domain/text/letters-and-digits.ts';

const page = readFileSync(new URL('../../docs/recovery.md', import.meta.url), 'utf8');
const rows = Array.from(
  page.matchAll(/^\| `([^`]+)` \| `([^`]+)`[^|]* \| (same|two) \| (same|two) \|$/gm),
  ([, one = '', other = '', asAnswers, asNames]) => ({ one, other, asAnswers, asNames }),
);
const verdict = (fold: (text: string) => string, one: string, other: string) =>
  fold(one) === fold(other) ? 'same' : 'two';

test('there are rows of every kind', () => {
  expect(rows.length).toBeGreaterThan(12);
  expect(new Set(rows.map(({ asAnswers, asNames }) => `${asAnswers} ${asNames}`)).size).toBe(3);
});

test.each(rows)('$one and $other', ({ one, other, asAnswers, asNames }) => {
  expect(verdict(lettersAndDigits, one, other)).toBe(asAnswers);
  expect(verdict(foldUserId, one, other)).toBe(asNames);
});
