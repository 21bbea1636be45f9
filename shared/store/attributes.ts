/**
 * Converts values to DynamoDB attributes and back: strings, numbers, booleans, `null`, bytes, lists and plain objects.
 *
 * The SDK's own conversion tests every value for twenty kinds. That took a twentieth of the time of a verification.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;

/**
 * Leaves out fields that are `undefined`.
 *
 * @throws `TypeError` for a value or a name that the table does not take
 */
export function toItem(value: object): Item {
  const item: Item = {};
  for (const name in value) {
    const field = (value as Readonly<Record<string, unknown>>)[name];
    if (field !== undefined) item[harmless(name)] = toAttribute(field);
  }
  return item;
}

/**
 * @throws `TypeError` for a value that no record contains: an instance of a class, a function, `NaN`, or a number too
 * large to be exact
 */
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

/** @throws `TypeError` for a kind of attribute that this table does not use, such as a set */
export function fromItem(item: Item): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const name in item) value[harmless(name)] = fromAttribute(item[name] as AttributeValue);
  return value;
}

/** Refuses `__proto__`: set on a plain object, it would replace the prototype. No name in a record is a caller's. */
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
