/** Whom a request of the help desk names, beside whom its token names. */
import { describe, expect, test } from 'vitest';
import { foldUserId } from '../../../shared/domain/identifiers/user-id.ts';
import { operator, operatorFrom } from '../../../shared/http/operator.ts';
import { Answered } from '../../../shared/http/request.ts';

const refusalOf = (ask: () => string) => {
  try {
    ask();
  } catch (error) {
    if (error instanceof Answered) return JSON.parse(String((error.answer as { body: string }).body));
    throw error;
  }
  throw new Error('it named somebody');
};
const byClaim = { operatorClaim: 'preferred_username' };

test('without a claim the request names the operator, and must', () => {
  expect(operatorFrom({}, { operator: 'olga' }, {})).toBe('olga');
  expect(refusalOf(() => operatorFrom({}, {}, {}))).toMatchObject({
    code: 'invalid-request',
    errors: [{ pointer: '/operator' }],
  });
});

test('with a claim the token names the operator, and no field says otherwise', () => {
  expect(operatorFrom({ operator: 'olga' }, {}, byClaim)).toBe('olga');
  expect(operatorFrom({ operator: 'olga' }, { operator: ' OLGA' }, byClaim)).toBe('olga');
  expect(refusalOf(() => operatorFrom({ operator: 'olga' }, { operator: 'boris' }, byClaim))).toMatchObject({
    code: 'invalid-request',
    errors: [{ pointer: '/operator' }],
  });
});

test('a token without that claim acts for nobody, whomever the request names', () => {
  expect(refusalOf(() => operatorFrom({}, { operator: 'olga' }, byClaim))).toMatchObject({
    code: 'forbidden',
    detail: expect.stringContaining('preferred_username'),
  });
});

describe('the field that names the operator', () => {
  test.each([
    'John Smith',
    "Bob O'Neil",
    'Zendesk: bob',
    'Bob O’Neil <bob@desk.example>',
    'IT/Bob "the builder"',
    'CORP\\bob',
    '山田 太郎',
  ])('takes what help desks call people: %s', (name) => {
    expect(operator.parse(name)).toBe(name);
  });

  test.each(['erin\u034f', ' erin ', '\u202eerin', 'e\u00adrin'])(
    'has no second spelling of a name that looks the same: %j',
    (name) => {
      expect(foldUserId(operator.parse(name) ?? '')).toBe('erin');
    },
  );

  test.each([
    '',
    ' ',
    '\u200b\u034f',
    'bob\nolga',
    'bob\u2028olga',
    'b\u0000b',
    'Jos\ufffd',
    'x'.repeat(129),
  ])('does not take %j', (name) => {
    expect(operator.safeParse(name).success).toBe(false);
  });

  test('may be left out, by null too', () => {
    expect([operator.parse(undefined), operator.parse(null)]).toEqual([undefined, undefined]);
  });
});
