/** Reads a request: body, path and query by their schemas, what the access token says, and the `Idempotency-Key`. */
import type { APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda';
import * as z from 'zod/mini';
import { doorKindOf } from '../domain/identifiers/client.ts';
import { type Idempotency, idempotencyOf } from '../domain/identifiers/request-id.ts';
import { brokenText, escapePointer } from './broken-text.ts';
import { type Claims, operatorOf, scopesOf } from './claims.ts';
import { type Answer, type InputError, insufficientScope, problem } from './problem.ts';
import type { Route } from './routes.ts';

export type ApiEvent = APIGatewayProxyEventV2WithJWTAuthorizer;

/** Thrown to end the handling of a request with this answer. */
export class Answered extends Error {
  readonly answer: Answer;
  constructor(answer: Answer) {
    super('answered');
    this.answer = answer;
  }
}

/** What the access token of a request says. */
interface TokenFacts {
  /** The OAuth client, which challenges belong to; `''` on a route that needs no token. */
  readonly client: string;
  readonly scopes: readonly string[];
  /** Who works with the client, where a claim says so; `undefined` when the token does not. */
  readonly operator?: string | undefined;
}

/** What the deployment knows of its issuer's access tokens. */
export interface TokenReading {
  /** Name of the claim that holds the OAuth client. */
  readonly clientIdClaim: string;
  /** The claim, or the template of claims, that names the operator; absent where requests name one. */
  readonly operatorClaim?: string | undefined;
}

export interface RouteSchemas {
  readonly path?: z.ZodMiniType;
  readonly query?: z.ZodMiniType;
  readonly body?: z.ZodMiniType;
}

type Parsed<Schema> = Schema extends z.ZodMiniType ? z.output<Schema> : undefined;

export interface ApiRequest<Schemas extends RouteSchemas = RouteSchemas> {
  readonly path: Parsed<Schemas['path']>;
  readonly query: Parsed<Schemas['query']>;
  readonly body: Parsed<Schemas['body']>;
  readonly token: TokenFacts;
  readonly idempotency: Idempotency | undefined;
}

/** The query of a route that takes none. */
const nothing = z.strictObject({});

const mostBytes = 16_384;
const visibleAscii = /^[\x21-\x7e]{1,255}$/;

/**
 * @param scopes of the route: one of them suffices; `null` where it needs no token
 * @throws {Answered} with a problem that points at each fault; nothing was changed by then
 */
export function readRequest<Schemas extends RouteSchemas>(
  event: ApiEvent,
  schemas: Schemas,
  tokens: TokenReading,
  scopes: Route['scopes'],
): ApiRequest<Schemas> {
  const token = readToken(event, tokens);
  if (scopes !== null && !scopes.some((scope) => token.scopes.includes(scope)))
    throw new Answered(insufficientScope(scopes));
  const body = schemas.body ? check(schemas.body, readBody(event), '') : undefined;
  const path = schemas.path && check(schemas.path, whole(event.pathParameters, 'path'), 'path');
  const query = queryOf(event, schemas.query);
  const idempotency = idempotencyKey(event, token.client, body);
  return { path, query, body, token, idempotency } as ApiRequest<Schemas>;
}

/** Probes and caches call the routes that need no token, and add parameters of their own. */
function queryOf({ requestContext, queryStringParameters }: ApiEvent, schema?: z.ZodMiniType) {
  if (schema === undefined && requestContext.authorizer === undefined) return {};
  return check(schema ?? nothing, whole(queryStringParameters, 'query'), 'query');
}

function readToken(event: ApiEvent, { clientIdClaim, operatorClaim }: TokenReading): TokenFacts {
  const claims: Claims = event.requestContext.authorizer?.jwt?.claims ?? {};
  const client = claims[clientIdClaim];
  const anonymous = event.requestContext.authorizer === undefined;
  if (!anonymous && (typeof client !== 'string' || client === '')) {
    throw new Answered(problem('forbidden', { detail: `The access token has no claim ${clientIdClaim}.` }));
  }
  if (typeof client === 'string' && doorKindOf(client) !== undefined) {
    const detail = 'The name of this client is that of a door without access tokens. Give it another.';
    throw new Answered(problem('forbidden', { detail }));
  }
  return {
    client: typeof client === 'string' ? client : '',
    scopes: scopesOf(claims),
    operator: operatorClaim === undefined ? undefined : operatorOf(operatorClaim, claims),
  };
}

/** RFC 7396 names its own. */
const patchMediaTypes = ['application/json', 'application/merge-patch+json'];

function readBody(event: ApiEvent): unknown {
  const text = textOf(event);
  if (text === '') return {};
  const [mediaType = ''] = (event.headers['content-type'] ?? '').split(';');
  const { method } = event.requestContext.http;
  const taken = method === 'PATCH' ? patchMediaTypes : ['application/json'];
  if (!taken.includes(mediaType.trim().toLowerCase())) throw new Answered(problem('unsupported-media-type'));
  const body = parsed(text);
  const broken = brokenText(body);
  if (broken !== undefined)
    throw invalid([{ pointer: broken, detail: 'This text has half a character in it.' }]);
  return body;
}

const utf8 = new TextDecoder('utf-8', { fatal: true }); // a byte order mark in front is skipped
/** What a decoder puts in the place of bytes that it cannot read, API Gateway's included. */
const replacement = '\uFFFD';

function textOf({ body = '', isBase64Encoded }: ApiEvent): string {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > mostBytes) throw new Answered(problem('payload-too-large'));
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw invalid([notUtf8]);
  }
  if (text.includes(replacement)) throw invalid([notUtf8]);
  return text;
}

const notUtf8: InputError = {
  pointer: '',
  detail: 'The body is not UTF-8 (RFC 8259 §8.1). Nothing was changed; encode it so and send it again.',
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid([{ pointer: '', detail: 'The body is not JSON.' }]);
  }
}

/** Values of a path or query, whose percent signs stand for UTF-8 too. */
function whole(values: Readonly<Record<string, string | undefined>> = {}, where: 'path' | 'query') {
  const errors = Object.entries(values).flatMap(([name, value = '']) =>
    value.isWellFormed() && !value.includes(replacement)
      ? []
      : [{ pointer: `/${where}/${escapePointer(name)}`, detail: 'This is not UTF-8.' }],
  );
  if (errors.length > 0) throw invalid(errors);
  return values;
}

function check<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  where: string,
): z.output<Schema> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const root = where === '' ? '' : `/${where}`;
  throw invalid(result.error.issues.flatMap((issue) => errorsOf(issue, root)));
}

function errorsOf(issue: z.core.$ZodIssue, root: string): InputError[] {
  const at = root + issue.path.map((segment) => `/${escapePointer(String(segment))}`).join('');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: `${at}/${escapePointer(key)}`,
      detail: 'This property is not known here.',
    }));
  }
  return [{ pointer: at, detail: issue.message }];
}

export function invalid(errors: readonly InputError[]): Answered {
  return new Answered(problem('invalid-request', { errors }));
}

function idempotencyKey(event: ApiEvent, client: string, body: unknown): Idempotency | undefined {
  const key = event.headers['idempotency-key'];
  if (key === undefined || event.requestContext.http.method !== 'POST') return undefined;
  if (!visibleAscii.test(key)) {
    throw invalid([{ pointer: 'Idempotency-Key', detail: 'Use 1 to 255 visible ASCII characters.' }]);
  }
  return idempotencyOf(client, event.rawPath, key, body);
}
