/**
 * Values as DynamoDB keeps them, for what records are made of: texts, numbers, truth values, `null`, bytes, lists
 * and plain objects. The library's conversion asks of every value whether it is one of twenty kinds, which took a
 * twentieth of a verification.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;

/** What is `undefined` is left out. */
export function toItem(value: object): Item {
  const item: Item = {};
  for (const name in value) {
    const field = (value as Readonly<Record<string, unknown>>)[name];
    if (field !== undefined) item[harmless(name)] = toAttribute(field);
  }
  return item;
}

/** @throws `TypeError` for what a record is never made of: an instance of a class, a function, a number that is none or too large to be exact */
export function toAttribute(value: unknown): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null) return { NULL: true };
  if (Array.isArray(value)) return { L: value.map(toAttribute) };
  if (value instanceof Uint8Array) return { B: value };
  if (isPlain(value)) return { M: toItem(value) };
  throw new TypeError(`${Object.prototype.toString.call(value)} is not kept in the table`);
}

export function fromItem(item: Item): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const name in item) value[harmless(name)] = fromAttribute(item[name] as AttributeValue);
  return value;
}

/** Set on a plain object, this one name would be its prototype. Names in records are the code's own. */
function harmless(name: string): string {
  if (name === '__proto__') throw new TypeError(`${name} is not a name in the table`);
  return name;
}

function fromAttribute(attribute: AttributeValue): unknown {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) return Number(attribute.N);
  if (attribute.M !== undefined) return fromItem(attribute.M);
  if (attribute.L !== undefined) return attribute.L.map(fromAttribute);
  if (attribute.B !== undefined) return attribute.B;
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.NULL !== undefined) return null;
  throw new TypeError(`an attribute of kind ${Object.keys(attribute)} is none of the table's`);
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;
}
