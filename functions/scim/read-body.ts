/** Reads the body of a SCIM request as directories really send them: booleans as text, any case. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { brokenText } from '../../shared/http/broken-text.ts';
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
  const broken = brokenText(value);
  if (broken !== undefined)
    throw scimError(
      400,
      'invalidSyntax',
      `${broken.slice(1) || 'body'}: this text has half a character in it.`,
    );
  return withBooleans(value) as Body;
}

function parsed(bytes: Buffer): unknown {
  try {
    const text = utf8.decode(bytes);
    if (!text.includes(replacement)) return JSON.parse(text);
  } catch {
    // told below
  }
  throw scimError(400, 'invalidSyntax', 'The body is not JSON in UTF-8.');
}

/** What a decoder puts in the place of bytes that it cannot read, API Gateway's included. */
const replacement = '\uFFFD';

/** Entra ID sends `"False"`. Also the value of an operation whose path is one of these. */
const booleans = ['active', 'primary'];
/** By the last part of its name, which may stand behind that of its schema or its list. */
const isBoolean = (name: unknown) =>
  typeof name === 'string' && booleans.includes(/[^:.]*$/.exec(name)?.[0].toLowerCase() ?? '');

/** An operation's value holds a list of addresses: no boolean of a person stands deeper. */
const mostDepth = 6;

function withBooleans(value: unknown, depth = 0): unknown {
  if (depth > mostDepth) return value;
  if (Array.isArray(value)) return value.map((inner) => withBooleans(inner, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  const path = Object.entries(value).find(([name]) => name.toLowerCase() === 'path')?.[1];
  const entries = Object.entries(value).map(([name, inner]) => {
    const asked = isBoolean(name) || (name.toLowerCase() === 'value' && isBoolean(path));
    return [name, asked ? booleanOf(inner) : withBooleans(inner, depth + 1)];
  });
  return Object.fromEntries(entries);
}

function booleanOf(value: unknown): unknown {
  const word = typeof value === 'string' ? value.toLowerCase() : value;
  if (word === 'true') return true;
  return word === 'false' ? false : value;
}
