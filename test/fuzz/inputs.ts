/** What the outside may send in the place of anything: texts, JSON and bytes, with what breaks parsers among them. */

import fc from 'fast-check';
import { anyCharacter } from '../support/any-character.ts';

/** Names that every object has, and names that look like what a parser asks for. */
export const inherited = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];

const marks = [
  '\u0000',
  '\ufeff',
  '\u200b',
  '\u202e',
  '\ud800',
  '\udfff',
  '\u2028',
  '\r\n',
  '%00',
  '../',
  "'",
  '"',
  '\\',
];

/** Any code units, halves of characters too, or what has broken parsers before. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 80 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom('', ...inherited, ...marks),
  fc
    .tuple(fc.constantFrom(...marks), fc.string({ maxLength: 20 }), fc.constantFrom(...marks))
    .map((parts) => parts.join('')),
);

/** A text that parsers take, a little changed: a character more, less, twice or another. */
export function nearly(valid: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(
      valid,
      fc.nat(),
      fc.nat({ max: 3 }),
      fc.oneof(fc.constantFrom(...marks), fc.string({ unit: anyCharacter, minLength: 1, maxLength: 1 })),
    )
    .map(([text, at, cut, put]) => {
      const place = text.length === 0 ? 0 : at % text.length;
      return text.slice(0, place) + put + text.slice(place + cut);
    });
}

/** Any JSON, its objects with names that every object inherits, as `JSON.parse` makes them: as own properties. */
export const anyJson: fc.Arbitrary<unknown> = fc
  .letrec<{ value: string; object: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc
        .oneof(fc.double(), fc.integer(), fc.boolean(), fc.constant(null), anyText)
        .map((leaf) => JSON.stringify(leaf) ?? 'null'),
      fc.array(tie('value'), { maxLength: 4 }).map((values) => `[${values.join()}]`),
      tie('object'),
    ),
    object: fc
      .array(fc.tuple(fc.oneof(fc.constantFrom(...inherited), fc.string({ maxLength: 12 })), tie('value')), {
        maxLength: 4,
      })
      .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join()}}`),
  }))
  .value.map((text) => JSON.parse(text) as unknown);

/** What `prototypes` looks like while nobody has written into any. */
const untouched = [
  Object,
  Array,
  Function,
  String,
  Number,
  Boolean,
  Map,
  Set,
  Promise,
  RegExp,
  Date,
  Error,
].map(({ prototype }) => [prototype, Reflect.ownKeys(prototype).map(String).toSorted().join()] as const);

/** Names of what has been put where every object finds it; none where all is well. */
export function polluted(): string[] {
  return untouched.flatMap(([prototype, names]) => {
    const now = Reflect.ownKeys(prototype).map(String).toSorted().join();
    return now === names ? [] : [`${prototype.constructor.name}: ${now}`];
  });
}

/** JSON that is taken, with something else in the place of one of its values, or with a member more. */
export function mutated(valid: unknown): fc.Arbitrary<unknown> {
  const name = fc.oneof(fc.constantFrom(...inherited), fc.string({ maxLength: 12 }));
  return fc.tuple(fc.nat(), anyJson, name, fc.boolean()).map(([at, other, added, isAdded]) => {
    const paths = pathsIn(valid);
    return put(valid, [...(paths[at % paths.length] ?? []), ...(isAdded ? [added] : [])], other);
  });
}

function pathsIn(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  const inner = Object.entries(value).flatMap(([name, member]) => pathsIn(member, [...path, name]));
  return [[...path], ...inner];
}

/** As own members, whatever their names. */
function put(value: unknown, [name, ...rest]: readonly string[], other: unknown): unknown {
  if (name === undefined) return other;
  if (Array.isArray(value))
    return value.map((member, at) => (String(at) === name ? put(member, rest, other) : member));
  const members = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const before = members.find(([member]) => member === name)?.[1];
  return Object.fromEntries([
    ...members.filter(([member]) => member !== name),
    [name, put(before, rest, other)],
  ]);
}
