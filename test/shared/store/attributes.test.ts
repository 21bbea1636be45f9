/** The table's values against the library's conversion of the same. */
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromItem, toAttribute, toItem } from '../../../shared/store/attributes.ts';

const names = fc.string().filter((name) => name !== '__proto__');
const { value: anything } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'binary' }),
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

test('records become what the library makes of them, and are read as it reads them', () => {
  fc.assert(
    fc.property(records, (record) => {
      const item = toItem(record);
      expect(item).toEqual(marshall(record));
      expect(fromItem(item)).toEqual(unmarshall(item));
      expect(fromItem(item)).toEqual(record);
    }),
  );
});

test('fields without a value are left out', () => {
  expect(toItem({ a: undefined, b: { c: undefined, d: 1 } })).toEqual({ b: { M: { d: { N: '1' } } } });
});

test('a name that would be a prototype is refused in both directions', () => {
  const named = <Value>(value: Value) => Object.fromEntries([['__proto__', value]]);
  expect(() => toItem({ a: named(1) })).toThrow(TypeError);
  expect(() => fromItem({ a: { M: named({ N: '1' }) } })).toThrow(TypeError);
  expect(fromItem(toItem({ constructor: 1 }))).toEqual({ constructor: 1 });
});

test.each([
  ['a number that is none', Number.NaN],
  ['an infinite number', Number.POSITIVE_INFINITY],
  ['a number that is not exact', 2 ** 53],
  ['a date', new Date(0)],
  ['a set', new Set(['a'])],
  ['a function', () => 1],
  ['nothing, in a list', [undefined]],
])('%s is refused before it is written', (_, value) => {
  expect(() => toAttribute(value)).toThrow(TypeError);
});

test('kinds that the table does not have are refused when they are read', () => {
  expect(() => fromItem({ a: { SS: ['x'] } })).toThrow('kind SS');
});
