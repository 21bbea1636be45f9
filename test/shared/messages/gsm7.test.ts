/** The alphabet of SMS: what a text takes, and names made to fit. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitsOneMessage, septets, toGsm7 } from '../../../shared/messages/gsm7.ts';
import { anyCharacter } from '../../support/any-character.ts';

describe('the places that a text takes', () => {
  test.each([
    ['a letter', 'a', 1],
    ['letters with accents that the alphabet has', 'äöüñéèàùìòÇß', 12],
    ['characters of the extension', '€[]{}~^|\\', 18],
    ['an emoji', '😀', undefined],
    ['a small c with cedilla', 'ç', undefined],
    ['a circumflex', 'ê', undefined],
    ['a Spanish accent', 'ó', undefined],
    ['a curly quote', '’', undefined],
    ['a backtick', '`', undefined],
  ])('for %s', (_, characters, places) => {
    expect(septets(characters)).toBe(places);
  });

  test('are 160 in one message, or 70 outside the alphabet', () => {
    expect(fitsOneMessage('a'.repeat(160))).toBe(true);
    expect(fitsOneMessage('a'.repeat(161))).toBe(false);
    expect(fitsOneMessage('€'.repeat(80))).toBe(true);
    expect(fitsOneMessage('€'.repeat(81))).toBe(false);
    expect(fitsOneMessage('ر'.repeat(70))).toBe(true);
    expect(fitsOneMessage('ر'.repeat(71))).toBe(false);
    expect(fitsOneMessage('😀'.repeat(36))).toBe(false);
  });
});

describe('a name made to fit the alphabet', () => {
  test.each([
    ['keeps its accents where it can', 'Müller & Söhne', 'Müller & Söhne'],
    ['loses them where it cannot', 'Crêperie François', 'Creperie Francois'],
    ['gets plain quotes and dashes', '“L’Écho” – Paris', '"L\'Echo" - Paris'.replace('E', 'É')],
    [
      'spells what cannot be taken apart',
      'Spółdzielnia Sacré-Cœur & Øresund',
      'Spoldzielnia Sacré-Coeur & Øresund',
    ],
    ['and keeps capitals', 'Marks & Spencer – Œuvres', 'Marks & Spencer - OEuvres'],
    ['and all of Latin', 'Þór ĸŋħŧıđð ĦŦŊĐ', 'Thór knhtidd HTND'.replace('ó', 'o')],
    ['has plain hyphens and apostrophes', 'a\u2010b\u2011c\u2212d `x´', "a-b-c-d 'x'"],
    ['and a dot for a bullet', 'A•B · C', 'A.B . C'],
    ['writes Greek in capitals', 'Ελληνική Τράπεζα', 'EΛΛHNIKH TPAΠEZA'],
    ['and Cyrillic in Latin letters', 'Почта Йошкар-Олы', 'Pochta Yoshkar-Oly'],
    ['composes what came in parts', 'Cafe\u0301', 'Café'],
    ['keeps a fraction apart from its number', '1½ Sleeves, ¾ Off', '1 1/2 Sleeves, 3/4 Off'],
    ['loses what has no likeness', '株式会社 Example', 'Example'],
  ])('%s', (_, name, plain) => {
    expect(toGsm7(name)).toBe(plain);
  });

  test('is in the alphabet, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 60 }), (name) => {
        expect(septets(toGsm7(name))).toBeDefined();
      }),
    );
  });
});
