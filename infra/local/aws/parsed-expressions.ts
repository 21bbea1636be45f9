/**
 * Lets the engine parse an expression once. The same few expressions come again and again with other values, and reading
 * them anew took a quarter of the time of the whole local stack.
 *
 * The engine's parsers read the kind of a value and never the value itself, but for `BETWEEN` and `attribute_type`. So
 * what they made of an expression holds for other values of the same kinds, which take the places of the first.
 */
import { createRequire } from 'node:module';

/** What a parser is given beside the text. It takes the names and values that it meets out of what is unused. */
export interface Context {
  readonly attrNames?: Readonly<Record<string, string>>;
  readonly attrVals?: Readonly<Record<string, object>>;
  readonly unusedAttrNames: Record<string, true>;
  readonly unusedAttrVals: Record<string, true>;
  readonly isKeyCondition?: boolean;
}

/** @returns a tree, or text that says what is wrong. @throws when the text is no expression at all. */
export type Parse = (text: string, options: { readonly context: Context }) => unknown;

interface Parsed {
  readonly tree: object;
  /** Names of the values at their places in the tree. */
  readonly places: ReadonlyMap<object, string>;
  readonly names: readonly string[];
  readonly values: readonly string[];
}

/** More than the store has, in all the kinds of values that it writes. */
const mostParsed = 2_000;
const readsValues = /between|attribute_type/i;

/** A parser that remembers; what it could not read it reads again each time. */
export function remembering(parse: Parse): Parse {
  const known = new Map<string, Parsed>();
  return (text, options) => {
    if (readsValues.test(text)) return parse(text, options);
    const { context } = options;
    const key = keyOf(text, context);
    const before = known.get(key);
    if (before !== undefined) return reuse(before, context);
    const unused = {
      names: Object.keys(context.unusedAttrNames),
      values: Object.keys(context.unusedAttrVals),
    };
    const tree = parse(text, options);
    if (typeof tree !== 'object' || tree === null) return tree;
    if (known.size >= mostParsed) known.clear();
    const values = Object.entries(context.attrVals ?? {});
    const kept = new Map(values.map(([name, value]) => [value, name]));
    known.set(key, {
      tree: copy(tree, (part) => (kept.has(part) ? part : undefined)) as object,
      places: kept,
      names: unused.names.filter((name) => !(name in context.unusedAttrNames)),
      values: unused.values.filter((name) => !(name in context.unusedAttrVals)),
    });
    return tree;
  };
}

/** The text, whom its names stand for, and of which kind its values are. */
function keyOf(text: string, { attrNames, attrVals = {}, isKeyCondition }: Context): string {
  const kinds = Object.entries(attrVals).map(([name, value]) => [name, Object.keys(value)]);
  return JSON.stringify([text, attrNames, kinds, isKeyCondition]);
}

function reuse({ tree, places, names, values }: Parsed, context: Context): unknown {
  for (const name of names) delete context.unusedAttrNames[name];
  for (const name of values) delete context.unusedAttrVals[name];
  return copy(tree, (part) => context.attrVals?.[places.get(part) ?? '']);
}

/** A copy, since the engine may change what it is given. @param instead what takes the place of a part. */
function copy(part: unknown, instead: (part: object) => object | undefined, done = new Map()): unknown {
  if (typeof part !== 'object' || part === null) return part;
  const known = instead(part) ?? done.get(part);
  if (known !== undefined) return known;
  const made = Array.isArray(part) ? [] : Object.create(Object.getPrototypeOf(part));
  done.set(part, made);
  for (const [key, value] of Object.entries(part)) made[key] = copy(value, instead, done);
  return made;
}

const parsers = ['conditionParser', 'updateParser'] as const;
let isDone = false;

/** Changes the parsers of the engine in this process. */
export function rememberExpressions(): void {
  if (isDone) return;
  isDone = true;
  const require = createRequire(createRequire(import.meta.url).resolve('dynalite'));
  for (const name of parsers) {
    const parser = require(`./db/${name}`) as { parse: Parse };
    parser.parse = remembering(parser.parse);
  }
}
