/** The form in which names are compared, and what it is made of. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldUserId } from '../../../../shared/domain/identifiers/user-id.ts';
import { nameForm } from '../../../../shared/domain/names/name-form.ts';
import { anyCharacter } from '../../../support/any-character.ts';

/** Not assigned, or for private use: nothing is known of it that could fold. */
const nobodys = /[\p{Cn}\p{Co}]/u;
const same = ['CORP\\', '@corp.example'];

describe('the form of a name', () => {
  test.each([
    ['erin', 'erin'],
    ['CORP\\Erin', 'erin'],
    ['corp\\erin', 'erin'],
    ['Erin@Corp.Example', 'erin'],
    ['CORP\\erin@corp.example', 'erin'],
    ['OTHER\\erin', 'other\\erin'],
    ['erin@elsewhere.example', 'erin@elsewhere.example'],
    ['CORP\\', 'corp\\'],
    ['@corp.example', '@corp.example'],
    ['Straße', 'strasse'],
    ['ẞ', 'ss'],
  ])('of %s is %s', (name, form) => {
    expect(nameForm(name, same)).toBe(form);
  });

  test('folds to itself once folded', () => {
    const names = fc.string({ unit: anyCharacter, maxLength: 40 });
    const property = fc.property(names, (name) => {
      expect(foldUserId(foldUserId(name))).toBe(foldUserId(name));
    });
    fc.assert(property);
  });

  test('of every character is idempotent, and is that of its upper and lower case', () => {
    const unlike: string[] = [];
    for (let point = 0; point <= 0x10ffff; point += 1) {
      if (point >= 0xd800 && point < 0xe000) continue;
      const character = String.fromCodePoint(point);
      if (nobodys.test(character) && point % 97 !== 0) continue; // nine tenths of all, and alike
      const folded = foldUserId(character);
      // `ı` folds to itself, while its upper case is that of `i`; `İ` has a lower case of two characters.
      if (character === 'ı' || character === 'İ') continue;
      const others = [folded, character.toUpperCase(), character.toLowerCase()];
      const forms = others.filter((other) => other !== character).map(foldUserId);
      if (forms.some((form) => form !== folded)) unlike.push(character);
    }
    expect(unlike).toEqual([]);
  });
});
