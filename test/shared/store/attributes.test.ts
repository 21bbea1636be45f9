/** Records keep what they hold on their way through the table, and what cannot be kept is refused. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromItem, toAttribute, toItem } from '../../../shared/store/attributes.ts';
import { anyCharacter } from '../../support/any-character.ts';

// Names in records are fields of the code, hashes and ids.
const names = fc.string().filter((name) => name !== '__proto__');
const { value: anything } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: anyCharacter }),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).map((number) => number + 0),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array(),
    fc.array(tie('value')),
    fc.dictionary(names, tie('value'), { noNullPrototype: true }),
  ),
}));
const records = fc.dictionary(names, anything, { noNullPrototype: true });

test('records are read as they were written', () => {
  fc.assert(
    fc.property(records, (record) => {
      expect(fromItem(toItem(record))).toEqual(record);
    }),
  );
});

test('fields without a value are left out', () => {
  expect(toItem({ a: undefined, b: { c: undefined, d: 1 } })).toEqual({ b: { M: { d: { N: '1' } } } });
});

test.each([
  ['a number that is none', Number.NaN],
  ['an infinite number', Number.POSITIVE_INFINITY],
  ['a number that is not exact', 2 ** 53],
  ['a date', new Date(0)],
  ['a function', () => 1],
  ['nothing', undefined],
])('%s is refused before it is written', (_, value) => {
  expect(() => toAttribute(value)).toThrow();
});
