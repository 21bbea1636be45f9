/** Reads a form (`application/x-www-form-urlencoded`) as clients of logon screens send it: bounded, each field once. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

export type Form = ReadonlyMap<string, string>;

/** A field of 64 kB whose every byte is escaped takes 192 KiB. */
const mostBytes = 262_144;

export type UnreadableForm = 'too-large' | 'unreadable';

/**
 * @param isPlusLiteral whether the client escapes every space, so that a `+` can only mean itself. The form encoding of
 * browsers writes spaces as `+`.
 */
export function readForm(
  { body = '', isBase64Encoded }: Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'>,
  isPlusLiteral: boolean,
): Form | UnreadableForm {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > mostBytes) return 'too-large';
  const fields = new Map<string, string>();
  try {
    for (const pair of utf8.decode(bytes).split('&')) {
      if (pair === '') continue;
      const [name = '', ...value] = pair.split('=').map((part) => decoded(part, isPlusLiteral));
      if (fields.has(name)) return 'unreadable'; // two names or two codes: neither is meant
      fields.set(name, value.join('='));
    }
  } catch {
    return 'unreadable';
  }
  return fields;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @throws for an escape that is none, and for bytes that are not UTF-8 */
function decoded(part: string, isPlusLiteral: boolean): string {
  return decodeURIComponent(isPlusLiteral ? part : part.replaceAll('+', ' '));
}
