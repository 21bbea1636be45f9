/** Whom a request of the help desk names, beside whom its token names. */
import { expect, test } from 'vitest';
import { operatorFrom } from '../../../shared/http/operator.ts';
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
