/** What counts in an answer: letters and digits, in one form. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lettersAndDigits } from '../../../../shared/domain/text/letters-and-digits.ts';
import { anyCharacter } from '../../../support/any-character.ts';

describe('normalisation abuse: two answers are the same', () => {
  test.each([
    ["St Mary's School", 'St Mary’s School'],
    ["St Mary's School", 'St. Marys  school'],
    ["Ka'ahumanu", 'Kaʻahumanu'],
    ['route 66', 'route ٦٦'],
    ['route 66', 'Route ６６'],
    ['Straße', 'STRASSE'],
    ['STRAẞE', ' straße '],
    ['İstanbul', 'istanbul'],
    ['ISPARTA', 'ısparta'],
    ['Café', 'Cafe\u0301'],
    ['Zoë', 'Zoe'],
    ['São Paulo', 'sao paulo'],
    ['Йошкар-Ола', 'йошкар ола'],
    ['ﬁnch', 'FINCH'],
    ['Quince  Tree\tLane', 'quince-tree lane'],
    ['ＱＵＩＮＣＥ', 'quince'],
    ['ΟΔΟΣ', 'οδος'],
    ['ᾳ', 'αι'],
    ['fro\u00adbisher', 'Frobisher'],
    ['\u202afro\u200bbisher\u202c', '\ufeffFrobisher'],
    ['محمّد', 'محمد'],
    ['محـــمد', 'محمد'],
    ['한국', '\u1112\u1161\u11ab\u1100\u116e\u11a8'],
    ['が', 'か\u3099'],
    ['n° 5', 'N 5'],
  ])('%j and %j', (one, other) => {
    expect(lettersAndDigits(one)).toBe(lettersAndDigits(other));
  });
});

describe('what differs in a letter or digit differs', () => {
  test.each([
    ['Istanbul', 'Ankara'],
    ['route 66', 'route 67'],
    ['route ٦٦', 'route ٦٧'],
    ['Smith', 'Smyth'],
    ['alice', 'аlice'], // a Cyrillic letter
    ['Øre', 'Ore'],
    ['Łódź', 'Lodz'],
    ['が', 'か'],
    ['ぱ', 'は'],
    ['王', '玉'],
    ['김', '금'],
    ['二〇〇一', '二一'],
  ])('%j and %j', (one, other) => {
    expect(lettersAndDigits(one)).not.toBe(lettersAndDigits(other));
  });
});

const letterOrDigit = /^[\p{L}\p{Nd}]$/u;

/** Thousands that stand for themselves, with nothing to fold, to compose or to leave out. */
const plain =
  /^[\p{Cn}\p{Co}\p{Cs}\u{3400}-\u{9FFF}\uAC01-\uD7A3\u{17000}-\u{18CFF}\u{20000}-\u{2F7FF}\u{30000}-\u{3FFFF}]$/u;

const everyCharacter: string[] = [];
for (let codePoint = 0; codePoint <= 0x10ffff; codePoint += 1) {
  const character = String.fromCodePoint(codePoint);
  if (!plain.test(character)) everyCharacter.push(character);
}

/** Found another way than by the lower case of an upper case: by the case-blind comparison of regular expressions. */
function sameInAnyCase(one: string, other: string): boolean {
  return (
    one.toLowerCase() === other.toLowerCase() ||
    (one.length === other.length && new RegExp(`^${one}$`, 'iu').test(other))
  );
}

const base = (character: string) => character.normalize('NFKD').replace(/(?![\u3099\u309a])\p{M}/gu, '');

/** What is joined for another reason than case, compatibility and marks. */
const joined: Readonly<Record<string, string>> = {
  ı: 'i', // Turkish: a person whose keyboard has the one types it for the other
  𝚤: 'i',
  Ŀ: 'L', // these four are a letter and a sign that is none
  ŀ: 'l',
  ŉ: 'n',
  ẚ: 'a',
  ͺ: 'ι', // below another letter it folds to one of its own
};

test('of all letters and digits of Unicode, two are joined by case, compatibility or a mark alone', () => {
  const byForm = new Map<string, string>();
  const faults: string[] = [];
  for (const character of everyCharacter) {
    if (!letterOrDigit.test(character)) continue;
    const form = lettersAndDigits(character);
    if (Array.from(form).length !== 1) continue; // a ligature, or no letter of a word
    const first = byForm.get(form);
    if (first === undefined) {
      byForm.set(form, character);
      continue;
    }
    const isDigit = /^[0-9]$/.test(form);
    const [one, other] = [first, character].map((each) => base(joined[each] ?? each)) as [string, string];
    if (!isDigit && !sameInAnyCase(one, other) && !sameInAnyCase(other, one))
      faults.push(`${first} ${character}`);
  }
  expect(faults).toEqual([]);
  expect(byForm.size).toBeGreaterThan(10_000);
});

test('a letter or digit is never left out, but for letters that stand for an apostrophe or a stretch', () => {
  const lost = everyCharacter.filter(
    (character) => letterOrDigit.test(character) && lettersAndDigits(character) === '',
  );
  const isNoLetterOfAWord =
    /^[\u02B9-\u02DF\u02EC\u02EE\u0640\u07FA\p{Default_Ignorable_Code_Point}\p{M} ]+$/u;
  expect(lost.filter((character) => !isNoLetterOfAWord.test(character.normalize('NFKD')))).toEqual([]);
});

test('the form of a form is the form, for every character and for any text', () => {
  for (const character of everyCharacter) {
    const form = lettersAndDigits(character);
    if (lettersAndDigits(form) !== form) throw new Error(`U+${character.codePointAt(0)?.toString(16)}`);
  }
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter, maxLength: 30 }), (text) => {
      const form = lettersAndDigits(text);
      expect(lettersAndDigits(form)).toBe(form);
      expect(lettersAndDigits(text.normalize('NFD'))).toBe(form);
      expect(form).toMatch(/^[\p{L}\p{N}\u3099\u309a]*$/u);
    }),
    { numRuns: 1_000 },
  );
});

test('what stands between letters and around them makes no difference', () => {
  const between = fc.constantFrom(
    ' ',
    '\t',
    '.',
    ',',
    '-',
    "'",
    '’',
    '!',
    '\u200f',
    '\u00ad',
    '\ufeff',
    '🔥',
    '«',
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...'aZ7ßğ٣王김'), between)), (parts) => {
      const bare = parts.map(([letter]) => letter).join('');
      expect(lettersAndDigits(parts.flat().join(''))).toBe(lettersAndDigits(bare));
    }),
  );
  expect.hasAssertions();
});
