/** An edit of one value leaves every other character of a JSON text alone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setValue } from '../../../infra/cli/json-edit.ts';

describe('one value in a JSON text', () => {
  it.each([
    ['{ "a": 1, "b": 2 }', ['a'], '{ "a": 9, "b": 2 }'],
    ['{\n  "a": {\n    "b": "x"\n  }\n}\n', ['a', 'b'], '{\n  "a": {\n    "b": 9\n  }\n}\n'],
    ['{\n  "a": {\n    "b": "x"\n  }\n}\n', ['a', 'c'], '{\n  "a": {\n    "b": "x",\n    "c": 9\n  }\n}\n'],
    ['{ "a": {} }', ['a', 'b'], '{ "a": { "b": 9 } }'],
    ['{ "x": "}{" }', ['a', 'b'], '{ "x": "}{", "a": { "b": 9 } }'],
    ['{ "a": 1,   "b":2 }', ['a'], '{ "a": 9,   "b":2 }'],
    ['{ "a": 1,   "b":2 }', ['c', 'd'], '{ "a": 1,   "b":2, "c": { "d": 9 } }'],
    [
      '{\r\n\t"a": { "b": {"c":1} }\r\n}\r\n',
      ['d', 'e'],
      '{\r\n\t"a": { "b": {"c":1} },\r\n\t"d": { "e": 9 }\r\n}\r\n',
    ],
    ['\ufeff{ "a": 1 }', ['a'], '\ufeff{ "a": 9 }'],
    ['{"a":{"a":[{"a":1}],"b":2}}', ['a', 'b'], '{"a":{"a":[{"a":1}],"b":9}}'],
    ['{ "\\"a": 1, "a": 2 }', ['a'], '{ "\\"a": 1, "a": 9 }'],
  ])('%s at %j', (text, path, changed) => {
    expect(setValue(text, path, 9)).toBe(changed);
  });

  it('is the only thing that differs afterwards, in whatever object', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.string(),
        fc.nat(4),
        (object, key, indent) => {
          fc.pre(key !== '__proto__' && !Object.hasOwn(object, '__proto__'));
          const text = JSON.stringify(object, null, indent);
          const plain = JSON.parse(text);
          expect(JSON.parse(setValue(text, [key], 'set'))).toEqual({ ...plain, [key]: 'set' });
        },
      ),
    );
  });
});
