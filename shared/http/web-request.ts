/** Reads a form (`application/x-www-form-urlencoded`) and the cookies of a request as a browser sends them. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** An HTTP API event of a route that needs no token. */
export type WebEvent = APIGatewayProxyEventV2;

export type WebForm =
  | { readonly kind: 'form'; readonly fields: URLSearchParams }
  /** `too-large` and what is no form, or not UTF-8. */
  | { readonly kind: 'too-large' | 'unreadable' };

/** A hint of Entra ID and its claims take a few kilobytes; a field with more is no form of ours. */
const mostBytes = 16_384;
const utf8 = new TextDecoder('utf-8', { fatal: true });
const replacement = '\uFFFD';

/** Looks at the length first, so that a large body costs no decoding. */
export function readWebForm(event: WebEvent): WebForm {
  const { body = '', isBase64Encoded, headers } = event;
  if (body.length > mostBytes * (isBase64Encoded ? 1.4 : 1)) return { kind: 'too-large' };
  const [mediaType = ''] = (headers['content-type'] ?? '').split(';');
  if (mediaType.trim().toLowerCase() !== 'application/x-www-form-urlencoded') return { kind: 'unreadable' };
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > mostBytes) return { kind: 'too-large' };
  try {
    const fields = new URLSearchParams(utf8.decode(bytes));
    for (const [name, value] of fields)
      if (`${name}${value}`.includes(replacement) || !value.isWellFormed()) return { kind: 'unreadable' };
    return { kind: 'form', fields };
  } catch {
    return { kind: 'unreadable' };
  }
}

/** The one value of a field; `undefined` where it is absent, and where it comes twice and so means nothing. */
export function fieldOf(fields: URLSearchParams, name: string): string | undefined {
  const [value, ...others] = fields.getAll(name);
  return others.length === 0 ? value : undefined;
}

/** Cookies in the order in which the browser sent them: oldest first, where paths are alike (RFC 6265 §5.4). */
export function cookiesOf({ cookies = [] }: WebEvent): readonly (readonly [name: string, value: string])[] {
  return cookies.map((cookie) => {
    const at = cookie.indexOf('=');
    return [cookie.slice(0, at).trim(), cookie.slice(at + 1).trim()] as const;
  });
}

/** The query of a request, whose values an event joins by commas where a name comes twice. */
export function queryOf({ rawQueryString }: WebEvent): URLSearchParams {
  return new URLSearchParams(rawQueryString);
}
