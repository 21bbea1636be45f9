/** What this endpoint says that it can do: configuration, resource types, and the part of the schema that it uses. */
import SCIMMY from 'scimmy';
import { addressTypes } from './address-types.ts';
import { scimError } from './scim-error.ts';

export const mostInPage = 200;
export const usualInPage = 100;

/** RFC 9865 §4; SCIMMY knows no pages by cursor. */
const pagination = {
  cursor: true,
  index: true,
  defaultPaginationMethod: 'index',
  defaultPageSize: usualInPage,
  maxPageSize: mostInPage,
} as const;

SCIMMY.Config.set({
  patch: true,
  filter: { supported: true, maxResults: mostInPage },
  documentationUri: 'https://datatracker.ietf.org/doc/html/rfc7644',
  authenticationSchemes: [
    { type: 'oauthbearertoken', name: 'Bearer token', description: 'A static token of this connection' },
  ],
} as never);
SCIMMY.Resources.declare(SCIMMY.Resources.User as never);

export type ToldKind = 'ResourceType' | 'Schema' | 'ServiceProviderConfig';

/** @param base address of `/scim/v2` */
export async function tell(kind: ToldKind, id: string | undefined, base: string): Promise<unknown> {
  const Told = SCIMMY.Resources[kind] as unknown as {
    basepath(path: string): unknown;
    new (id?: string): { read(): Promise<object> };
  };
  Told.basepath(base);
  try {
    const told = narrowed(JSON.parse(JSON.stringify(await new Told(id).read()))) as object;
    return kind === 'ServiceProviderConfig' ? { ...told, pagination } : told;
  } catch (error) {
    throw error instanceof TypeError ? scimError(404, undefined, `There is no ${kind} of this name.`) : error;
  }
}

const parts = ['value', 'type', 'primary'];

interface Attribute {
  readonly name?: string;
  readonly subAttributes?: readonly Attribute[];
}

function narrowed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(narrowed);
  if (typeof value !== 'object' || value === null) return value;
  const { name = '', subAttributes } = value as Attribute;
  const canonicalValues = addressTypes[name];
  if (canonicalValues === undefined || subAttributes === undefined)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, narrowed(inner)]));
  const kept = subAttributes.filter((each) => parts.includes(each.name ?? ''));
  return {
    ...value,
    subAttributes: kept.map((each) => (each.name === 'type' ? { ...each, canonicalValues } : each)),
  };
}
