/** What is remembered of an expression is what its parser says: of every expression, with every kind of value. */
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Context, type Parse, remembering } from '../../../../infra/local/aws/parsed-expressions.ts';

const engine = createRequire(createRequire(import.meta.url).resolve('dynalite'));
const { compare } = engine('./db') as { compare: unknown };

/** The engine's own parser, loaded anew: the one that others use may remember. */
function ownParser(name: string): Parse {
  const path = engine.resolve(`./db/${name}`);
  const shared = engine.cache[path];
  delete engine.cache[path];
  const { parse } = engine(path) as { parse: Parse };
  if (shared !== undefined) engine.cache[path] = shared;
  return parse;
}

const contextOf = (names: Record<string, string>, values: Record<string, object>) =>
  ({
    attrNames: names,
    attrVals: values,
    unusedAttrNames: Object.fromEntries(Object.keys(names).map((name) => [name, true])),
    unusedAttrVals: Object.fromEntries(Object.keys(values).map((name) => [name, true])),
    isReserved: (name: string) => name === 'STATUS',
    compare,
  }) as unknown as Context;

/** What a parser says, throws and leaves unused. */
function said(parse: Parse, text: string, names: Record<string, string>, values: Record<string, object>) {
  const context = contextOf(names, values);
  const { unusedAttrNames, unusedAttrVals } = context;
  try {
    return { tree: parse(text, { context }), unusedAttrNames, unusedAttrVals };
  } catch (error) {
    return { thrown: (error as Error).message, unusedAttrNames, unusedAttrVals };
  }
}

const value = fc.oneof(
  fc.string().map((S) => ({ S })),
  fc.integer().map((N) => ({ N: String(N) })),
  fc.boolean().map((BOOL) => ({ BOOL })),
  fc.constant({ NULL: true }),
  fc.constant({ SS: ['a', 'b'] }),
  fc.array(fc.integer().map((N) => ({ N: String(N) }))).map((L) => ({ L })),
);
const values = fc.record({ ':a': value, ':b': value, ':c': value }, { requiredKeys: [':a'] });
const names = fc.record(
  { '#a': fc.constantFrom('one', 'two'), '#b': fc.constantFrom('three', 'four') },
  { requiredKeys: ['#a'] },
);

const path = fc.constantFrom('#a', '#b', 'plain', '#a.#b', 'list[1]', 'status');
const operand = fc.constantFrom(':a', ':b', ':c', '#a', 'size(plain)');
const test_ = fc.oneof(
  fc.tuple(path, fc.constantFrom('=', '<>', '<', '>='), operand).map((parts) => parts.join(' ')),
  fc.tuple(path, operand, operand).map(([x, y, z]) => `${x} BETWEEN ${y} AND ${z}`),
  fc.tuple(path, operand, operand).map(([x, y, z]) => `${x} IN (${y}, ${z})`),
  path.map((one) => `attribute_exists(${one})`),
  fc.tuple(path, operand).map(([x, y]) => `attribute_type(${x}, ${y})`),
  fc.tuple(path, operand).map(([x, y]) => `begins_with(${x}, ${y})`),
  fc.constantFrom('attribute_exists(', 'no_function(:a)', '((#a = :a))'),
);
const condition = fc
  .array(test_, { minLength: 1, maxLength: 4 })
  .chain((tests) => fc.constantFrom(' AND ', ' OR ', ' AND NOT ').map((word) => tests.join(word)));
const setting = fc.oneof(
  fc.tuple(path, operand).map((parts) => parts.join(' = ')),
  fc.tuple(path, path, operand).map(([x, y, z]) => `${x} = if_not_exists(${y}, ${z})`),
  fc.tuple(path, operand).map(([x, y]) => `${x} = ${x} + ${y}`),
  fc.tuple(path, operand).map(([x, y]) => `${x} = list_append(${x}, ${y})`),
);
const update = fc
  .tuple(
    fc.array(setting, { maxLength: 3 }),
    fc.constantFrom('', ' REMOVE #b', ' ADD #b :b', ' DELETE #b :c'),
  )
  .map(([settings, rest]) => (settings.length === 0 ? rest.trim() : `SET ${settings.join(', ')}${rest}`));

describe.each([
  ['conditionParser', condition],
  ['updateParser', update],
] as const)('%s', (name, expression) => {
  const parse = ownParser(name);

  test('says of an expression that was read before what it would say anew', () => {
    const remembers = remembering(parse);
    fc.assert(
      fc.property(
        expression,
        names,
        fc.array(values, { minLength: 2, maxLength: 4 }),
        (text, named, others) => {
          for (const each of others) {
            expect(said(remembers, text, named, each)).toEqual(said(parse, text, named, each));
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  test('hands out a tree that nobody else has', () => {
    const remembers = remembering(parse);
    const text = name === 'updateParser' ? 'SET #a = :a' : '#a = :a';
    const ask = () =>
      said(remembers, text, { '#a': 'one' }, { ':a': { S: 'x' } }).tree as Record<string, unknown>;
    ask();
    const first = ask();
    for (const key of Object.keys(first)) delete first[key];
    expect(ask()).toEqual(said(parse, text, { '#a': 'one' }, { ':a': { S: 'x' } }).tree);
  });
});

test.each([
  ['plain BETWEEN :a AND :b', { ':a': { N: '1' }, ':b': { N: '2' } }, { ':a': { N: '2' }, ':b': { N: '1' } }],
  ['attribute_type(plain, :a)', { ':a': { S: 'M' } }, { ':a': { S: 'nonsense' } }],
])('%s is read anew, since its values decide', (text, right, wrong) => {
  const parse = ownParser('conditionParser');
  const remembers = remembering(parse);
  expect(said(remembers, text, {}, right).tree).toMatchObject({ expression: expect.anything() });
  expect(said(remembers, text, {}, wrong).tree).toMatch(/^(The BETWEEN|Invalid attribute type)/);
});
