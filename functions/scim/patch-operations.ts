/** The operations of a PATCH as directories send them, made into those that RFC 7644 describes. */

import { addressTypes, typesOf, withKnownTypes } from './address-types.ts';
import type { Resource } from './resource.ts';
import { scimError } from './scim-error.ts';

interface Operation {
  readonly op: unknown;
  readonly path?: string | undefined;
  readonly value?: unknown;
}

/** Attributes of RFC 7643 that mean nothing here: they are taken and dropped. */
const dropped = [
  ...[
    'name',
    'nickname',
    'profileurl',
    'title',
    'usertype',
    'locale',
    'timezone',
    'password',
    'ims',
    'photos',
  ],
  ...['addresses', 'groups', 'entitlements', 'roles', 'x509certificates', 'aliases', 'protected'],
];
/** Of a schema that is not the core's, which stands in front of no path any more. */
const extension = /^urn:/i;
const core = /^urn:ietf:params:scim:schemas:core:2\.0:User:/i;
const ofType = /^(emails|phoneNumbers)\[\s*type\s+eq\s+"([^"]*)"\s*\]/i;
const typedValue = /^(emails|phoneNumbers)\[type eq "([^"]*)"\]\.value$/i;

/** @param current what the operations are applied to: a value that is not there yet is added */
export function operationsOf(body: Readonly<Record<string, unknown>>, current: Resource): Operation[] {
  const given = Object.entries(body).find(([name]) => name.toLowerCase() === 'operations')?.[1];
  if (!Array.isArray(given) || given.length === 0)
    throw scimError(400, 'invalidSyntax', 'Operations: use a list of operations.');
  return given
    .flatMap((each: unknown) => separated(each as Record<string, unknown>))
    .filter(({ path }) => path === undefined || !isDropped(path))
    .map(withoutNull)
    .map(withTypes)
    .map((operation) => addedWhereAbsent(operation, current));
}

/** An operation without a path has a value for each of several. */
function separated(given: Record<string, unknown>): Operation[] {
  const of = (name: string) => Object.entries(given ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
  const [op, path, value] = [of('op'), of('path'), of('value')];
  if (typeof path === 'string' && path !== '') return [{ op, path: path.replace(core, ''), value }];
  if (value === null)
    throw scimError(400, 'invalidValue', 'value: without a path, use an object of attributes.');
  if (typeof value !== 'object' || Array.isArray(value)) return [{ op, value }];
  return Object.entries(value)
    .filter(([name]) => name.toLowerCase() !== 'schemas')
    .map(([name, inner]) => ({ op, path: name.replace(core, ''), value: inner }));
}

function isDropped(path: string): boolean {
  const [root = ''] = path.toLowerCase().split(/[.[]/);
  const [, list = '', type = ''] = ofType.exec(path) ?? [];
  const isOtherType = typesOf(list)?.includes(type.toLowerCase()) === false;
  return isOtherType || extension.test(path) || dropped.includes(root);
}

/** `null` is a value that is not there (RFC 7643 §2.5). */
function withoutNull(operation: Operation): Operation {
  const { op, path, value } = operation;
  if (value !== null) return operation;
  if (String(op).toLowerCase() === 'add') throw scimError(400, 'invalidValue', `${path}: it has no value.`);
  return { op: 'remove', path };
}

/** In the case in which they are compared. */
function withTypes({ op, path, value }: Operation): Operation {
  if (path === undefined) return { op, value };
  const known = path.replace(
    ofType,
    (_, list: string, type: string) => `${listOf(list)}[type eq "${type.toLowerCase()}"]`,
  );
  return { op, path: known, value: withKnownTypes(path, value) };
}

const listOf = (name: string): string =>
  Object.keys(addressTypes).find((each) => each.toLowerCase() === name.toLowerCase()) ?? name;

function addedWhereAbsent(operation: Operation, current: Resource): Operation {
  const [, list = '', type = ''] = typedValue.exec(operation.path ?? '') ?? [];
  if (list === '' || String(operation.op).toLowerCase() === 'remove') return operation;
  const there = (current[list] ?? []) as readonly { readonly type?: string }[];
  if (there.some((each) => each.type === type)) return operation;
  return { op: 'add', path: list, value: [{ type, value: operation.value }] };
}
