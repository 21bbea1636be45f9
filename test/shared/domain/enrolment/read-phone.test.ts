/** Numbers as people and directories write them. */
import { describe, expect, test } from 'vitest';
import { readPhone } from '../../../../shared/domain/enrolment/read-phone.ts';
import { defaultPolicy, type Policy } from '../../../../shared/domain/policy/policy.ts';

const { sends } = defaultPolicy;
const allowing = (...countries: string[]): Policy => ({
  ...defaultPolicy,
  sends: { ...sends, countries: [...sends.countries, ...countries] },
});
const german: Policy = { ...defaultPolicy, enrolment: { defaultCountry: 'DE', holdHours: 0 } };

function detailOf(typed: string, policy = defaultPolicy, voice = true): string {
  const reading = readPhone(typed, policy, voice);
  if (reading.kind === 'phone') throw new Error('it was read');
  return reading.detail;
}

describe('a number as it was copied', () => {
  test.each([
    ['with marks of direction, as macOS copies it', '\u202d+1 202-555-0124\u202c', '+12025550124'],
    ['with a byte order mark and a soft hyphen', '\ufeff+1 202\u00ad555\u200b0124', '+12025550124'],
    ['with spaces that do not break', '+1\u00a0202\u202f555\u20110124', '+12025550124'],
    ['with dots at half height', '+1·202·555•0124', '+12025550124'],
    ['as the URI that directories send', 'tel:+1-202-555-0124', '+12025550124'],
    ['in Arabic digits', '+١ ٢٠٢ ٥٥٥ ٠١٢٤', '+12025550124'],
    ['in full width', '＋１ ２０２ ５５５ ０１２４', '+12025550124'],
    ['with the 1 that Mexico dropped', '+52 1 55 1234 5678', '+525512345678'],
    ['without it', '+52 55 1234 5678', '+525512345678'],
  ])('%s is read', (_, typed, number) => {
    expect(readPhone(typed, allowing('MX'), true)).toMatchObject({ kind: 'phone', phone: { number } });
  });
});

describe('a default country', () => {
  test.each([
    ['0151 12345601', '+4915112345601'],
    ['0049 151 12345601', '+4915112345601'],
    ['+49 (0)151 12345601', '+4915112345601'],
    ['0151/12345601', '+4915112345601'],
    ['+1 202 555 0124', '+12025550124'],
    ['001 202 555 0124', '+12025550124'],
  ])('%s is read as people there write it', (typed, number) => {
    expect(readPhone(typed, german, true)).toMatchObject({ kind: 'phone', phone: { number } });
  });

  test('is asked for where a number has no country and there is none', () => {
    expect(detailOf('0151 12345601')).toContain('enrolment.defaultCountry');
  });
});

describe('a refusal', () => {
  test.each([
    ['+44 7797 712345', 'JE'],
    ['+44 7911 123456', 'GG'],
    ['+44 7624 123456', 'IM'],
    ['+39 06 698 12345', 'VA'],
    ['+1 787 555 0123', 'PR'],
    ['+1 671 300 1234', 'GU'],
    ['+1 340 642 1234', 'VI'],
    ['+262 692 12 34 56', 'RE'],
    ['+590 690 00 12 34', 'GP'],
    ['+596 696 20 12 34', 'MQ'],
    ['+594 694 20 12 34', 'GF'],
    ['+262 639 01 23 45', 'YT'],
    ['+378 66 66 12 12', 'SM'],
    ['+1 684 733 1234', 'AS'],
    ['+350 57 123 456', 'GI'],
  ])('of %s names the country that was read, and the field that allows it', (typed, country) => {
    expect(detailOf(typed)).toBe(
      `This number is of ${country}, which the policy does not allow. Add ${country} to sends.countries to allow it.`,
    );
    const reading = readPhone(typed, allowing(country), true);
    expect(reading).toMatchObject({ kind: 'phone', phone: { country } });
  });

  test.each(['1', 'none', '0151 1234 5601 and 0151 1234 5602'])(
    'of %s says in which country it was read',
    (typed) => {
      expect(detailOf(typed, german)).toBe(
        "This is not a telephone number where it is read as one of DE, the policy's enrolment.defaultCountry. " +
          'Use E.164, for example +12025550123.',
      );
    },
  );

  test('of a number with its country code does not speak of the default country', () => {
    expect(detailOf('+', german)).toBe(
      'This is not a telephone number. Use E.164, for example +12025550123.',
    );
  });

  test.each([
    ['+49 900 1234567', 'DE'],
    ['+44 800 123 4567', 'GB'],
  ])('of %s, which is no line of a person, names the country', (typed, country) => {
    expect(detailOf(typed)).toContain(`This kind of number, of ${country}, gets no codes`);
  });

  test.each(['+1 924 234 5678', '+1 999 234 5678', '+44 7000 000'])(
    'of %s, which the library may not know yet, says what to check',
    (typed) => {
      const detail = detailOf(typed);
      expect(detail).toContain('Check the digits');
      expect(detail).toContain('libphonenumber-js');
    },
  );

  test.each(['+12025550147;ext=4', '+12025550147 x4'])(
    'of %s says that an extension is too much',
    (typed) => {
      expect(detailOf(typed)).toContain('extension');
    },
  );
});

describe('a landline', () => {
  const typed = '+49 30 12345678';
  const landline = { kind: 'phone', phone: { number: '+493012345678', country: 'DE', landline: true } };

  test.each(['All', 'Call'] as const)('is read where %s lets calls go out', (mfaMethod) => {
    expect(readPhone(typed, { ...defaultPolicy, mfaMethod }, true)).toEqual(landline);
  });

  test.each([
    ['All', false, 'voice'],
    ['Call', false, 'voice'],
    ['SMS', true, 'policy.mfaMethod (All or Call)'],
    ['Email', true, 'policy.mfaMethod (All or Call)'],
    ['SMS', false, 'policy.mfaMethod (All or Call) and voice'],
  ] as const)('is refused with %s and calls %s, and told of %s', (mfaMethod, voice, fields) => {
    expect(detailOf(typed, { ...defaultPolicy, mfaMethod }, voice)).toBe(
      'This is a landline of DE: it gets no SMS, and calls are off here. Use a mobile number, or set ' +
        `${fields} in the stage to allow landlines.`,
    );
  });

  test('of the US cannot be told from a mobile number, and gets both', () => {
    expect(readPhone('+1 202 555 0124', defaultPolicy, true)).toEqual({
      kind: 'phone',
      phone: { number: '+12025550124', country: 'US' },
    });
  });
});
