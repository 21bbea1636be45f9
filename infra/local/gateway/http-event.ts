/** The HTTP API's payload format 2.0: a request as the function receives it, and its answer as the caller does. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Authorization } from './authorizer.ts';
import type { RouteMatch } from './http-routes.ts';

/** Content types whose bodies API Gateway passes on as text; it encodes all others in base64. */
const textual = /^(text\/|application\/([\w.+-]*\+)?(json|xml|javascript)\b)/i;

export function createEvent(
  request: IncomingMessage,
  body: Buffer,
  { route, pathParameters }: RouteMatch,
  authorization: Authorization | undefined,
): object {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const [path, query] = mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
  const headers = joinedHeaders(request.rawHeaders);
  const cookies = headers['cookie']?.split(/; */);
  const isBase64 = !textual.test(headers['content-type'] ?? '') || headers['content-encoding'] !== undefined;
  const rawPath = decodeURIComponent(path); // as HTTP APIs hand it over, unlike REST APIs
  const requestId = randomUUID();
  const now = new Date();
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath,
    rawQueryString: query,
    ...(cookies === undefined ? {} : { cookies }),
    headers,
    ...(query === '' ? {} : { queryStringParameters: joinedQuery(query) }),
    requestContext: {
      accountId: 'anonymous',
      apiId: 'local',
      ...(authorization?.kind === 'granted'
        ? { authorizer: { jwt: { claims: authorization.claims, scopes: authorization.scopes } } }
        : {}),
      domainName: headers['host'] ?? '127.0.0.1',
      domainPrefix: 'local',
      http: {
        method: request.method ?? 'GET',
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: route.routeKey,
      stage: '$default',
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
    },
    ...(Object.keys(pathParameters).length === 0 ? {} : { pathParameters }),
    ...(body.length === 0 ? {} : { body: body.toString(isBase64 ? 'base64' : 'utf8') }),
    isBase64Encoded: body.length > 0 && isBase64,
  };
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** @returns undefined when the function's result is nothing that an HTTP API can answer with. */
export function readAnswer(payload: string): HttpAnswer | undefined {
  const result: unknown = JSON.parse(payload);
  if (result === null || typeof result !== 'object' || !('statusCode' in result)) {
    // A result without a status is the body of a 200, says payload format 2.0.
    return { status: 200, headers: [['content-type', 'application/json']], body: Buffer.from(payload) };
  }
  const {
    statusCode,
    headers = {},
    cookies = [],
    body = '',
    isBase64Encoded,
  } = result as Record<string, unknown>;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599 || typeof body !== 'string') return undefined;
  const fields = Object.entries(headers as object).map(
    ([name, value]) => [name.toLowerCase(), String(value)] as const,
  );
  return {
    status,
    headers: [
      ...(fields.some(([name]) => name === 'content-type') || body === '' ? [] : [defaultType]),
      ...fields.filter(([name]) => name !== 'content-length'),
      ...(cookies as string[]).map((cookie) => ['set-cookie', cookie] as const),
    ],
    body: Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}

const defaultType = ['content-type', 'text/plain;charset=UTF-8'] as const;

function joinedHeaders(raw: readonly string[]): Record<string, string> {
  const joined = new Map<string, string>();
  for (let at = 0; at < raw.length; at += 2) {
    const [name, value] = [(raw[at] ?? '').toLowerCase(), raw[at + 1] ?? ''];
    joined.set(name, joined.has(name) ? `${joined.get(name)},${value}` : value);
  }
  return Object.fromEntries(joined);
}

function joinedQuery(query: string): Record<string, string> {
  const joined = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    joined.set(name, joined.has(name) ? `${joined.get(name)},${value}` : value);
  }
  return Object.fromEntries(joined);
}
