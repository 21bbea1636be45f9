/** Masks of addresses and numbers. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskEmail, maskPhone } from '../../../../shared/domain/contact/mask.ts';

describe('a masked email', () => {
  test('shows the first character, three bullets and the domain', () => {
    expect(maskEmail('alice@example.com')).toBe('a•••@example.com');
  });

  test.each(['a@example.com', 'al@example.com', `${'a'.repeat(64)}@example.com`])(
    'does not tell how long the local part is',
    (address) => {
      expect(maskEmail(address)).toBe('a•••@example.com');
    },
  );

  test('is cut at the last @, so that a quoted local part stays hidden', () => {
    expect(maskEmail('"alice@home"@example.com')).toBe('"•••@example.com');
  });

  test('never shows half a character', () => {
    expect(maskEmail('𝒶lice@example.com')).toBe('𝒶•••@example.com');
  });
});

describe('a masked phone number', () => {
  test('shows its last two digits', () => {
    expect(maskPhone('+12025550123')).toBe('•••• ••23');
  });

  test('shows neither its country nor its length', () => {
    const numbers = fc.stringMatching(/^\+[1-9]\d{4,11}$/);
    fc.assert(
      fc.property(numbers, (number) => {
        expect(maskPhone(`${number}23`)).toBe('•••• ••23');
      }),
    );
  });
});
