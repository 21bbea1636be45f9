/** Reads the body of a SCIM request as directories really send them: booleans as text, any case. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { scimError } from './scim-error.ts';

const mostBytes = 65_536;
const mediaTypes = ['application/scim+json', 'application/json'];
const utf8 = new TextDecoder('utf-8', { fatal: true });

export type Body = Readonly<Record<string, unknown>>;

export function readBody({ body = '', isBase64Encoded, headers }: APIGatewayProxyEventV2): Body {
  const [mediaType = ''] = (headers['content-type'] ?? '').split(';');
  if (!mediaTypes.includes(mediaType.trim().toLowerCase()))
    throw scimError(415, undefined, 'Use the content type application/scim+json.');
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > mostBytes) throw scimError(413, undefined, `Use at most ${mostBytes} bytes.`);
  const value = parsed(bytes);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw scimError(400, 'invalidSyntax', 'The body is no JSON object.');
  return withBooleans(value) as Body;
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw scimError(400, 'invalidSyntax', 'The body is not JSON in UTF-8.');
  }
}

/** Entra ID sends `"False"`. Also the value of an operation whose path is one of these. */
const booleans = ['active', 'primary'];
const isBoolean = (name: unknown) => typeof name === 'string' && booleans.includes(name.toLowerCase());

function withBooleans(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withBooleans);
  if (typeof value !== 'object' || value === null) return value;
  const path = Object.entries(value).find(([name]) => name.toLowerCase() === 'path')?.[1];
  const entries = Object.entries(value).map(([name, inner]) => {
    const asked = isBoolean(name) || (name.toLowerCase() === 'value' && isBoolean(path));
    return [name, asked ? booleanOf(inner) : withBooleans(inner)];
  });
  return Object.fromEntries(entries);
}

function booleanOf(value: unknown): unknown {
  const word = typeof value === 'string' ? value.toLowerCase() : value;
  if (word === 'true') return true;
  return word === 'false' ? false : value;
}
