/** The problems in the document: which ones a route can answer with, and how each is described. */
import { type ProblemCode, problems } from '../../shared/http/problem.ts';
import type { Route } from '../../shared/http/routes.ts';
import type { Operation } from './operations.ts';
import type { Refusals } from './refusals.ts';
import { reference } from './schemas.ts';

/** Problems that come with any request, token, body or dependency; described once for all routes. */
const common = {
  'invalid-request': 'Body, path, query or Idempotency-Key does not match its schema; `errors` says where.',
  unauthenticated: 'The access token is missing or not valid.',
  forbidden: 'The token has none of the scopes that the route needs, or names no client.',
  'payload-too-large': 'The body has more than 16 KiB.',
  'unsupported-media-type': 'The body is not application/json.',
  unavailable: 'A dependency failed and nothing was accepted. Send the same request again after Retry-After.',
} as const satisfies Refusals;

type CommonCode = keyof typeof common;

/** API Gateway may answer these itself, before a function runs and with a body of its own. */
const byGateway: readonly ProblemCode[] = ['unauthenticated', 'forbidden'];
const waits: readonly ProblemCode[] = ['attempts-exhausted', 'rate-limited', 'unavailable'];

function commonCodes({ scopes }: Route, { body }: Operation): CommonCode[] {
  return [
    ...(scopes === null ? [] : (['invalid-request', 'unauthenticated', 'forbidden'] as const)),
    ...(body === undefined ? [] : (['payload-too-large', 'unsupported-media-type'] as const)),
    'unavailable',
  ];
}

/** Every problem code that a route can answer with. */
export function problemCodesOf(route: Route, operation: Operation): ProblemCode[] {
  const possible = [...commonCodes(route, operation), ...Object.keys(operation.refusals)];
  return (Object.keys(problems) as ProblemCode[]).filter((code) => possible.includes(code));
}

/** The `responses` of a route's problems. They are listed by status, since several problems may share one. */
export function problemResponses(route: Route, operation: Operation): Record<string, object> {
  const codes = problemCodesOf(route, operation);
  const byCommon: readonly string[] = commonCodes(route, operation);
  const whenOf = (code: ProblemCode): string => {
    const texts = [byCommon.includes(code) ? common[code as CommonCode] : '', operation.refusals[code] ?? ''];
    return texts.filter(Boolean).join(' ');
  };
  const described = Array.from(new Set(codes.map((code) => problems[code].status)), (status) => {
    const here = codes.filter((code) => problems[code].status === status);
    const [only = ''] = here.length === 1 ? here : [];
    const shared = only in common && operation.refusals[only as ProblemCode] === undefined;
    const response = shared
      ? { $ref: `#/components/responses/${only}` }
      : problemResponse(
          status,
          here.map((code) => [code, whenOf(code)]),
        );
    return [String(status), response] as const;
  });
  return Object.fromEntries(described);
}

/** The contents of `#/components/responses`. */
export function commonResponses(): Record<string, object> {
  const entries = Object.entries(common) as [CommonCode, string][];
  return Object.fromEntries(
    entries.map(([code, when]) => [code, problemResponse(problems[code].status, [[code, when]])]),
  );
}

function problemResponse(status: number, refused: readonly (readonly [ProblemCode, string])[]) {
  const codes = refused.map(([code]) => code);
  const retryAfter = {
    description: 'Whole seconds. Absent if waiting does not help.',
    schema: { type: 'integer', minimum: 1 },
  };
  const challenge = {
    description:
      'The challenge of RFC 6750 §3: `Bearer`, with `error="insufficient_scope"` where no scope fits. Absent where the ' +
      'refusal is not about the token.',
    schema: { type: 'string', examples: ['Bearer'] },
  };
  const gateway = codes.some((code) => byGateway.includes(code));
  const headers = {
    ...(codes.some((code) => waits.includes(code)) ? { 'Retry-After': retryAfter } : {}),
    ...(gateway ? { 'WWW-Authenticate': challenge } : {}),
  };
  const narrowed = { properties: { status: { const: status }, code: { enum: codes } } };
  return {
    description: refused.map(([code, when]) => `\`${code}\`: ${when}`).join('\n\n'),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    content: {
      'application/problem+json': { schema: { allOf: [reference('Problem'), narrowed] } },
      ...(gateway ? { 'application/json': { schema: reference('GatewayAnswer') } } : {}),
    },
  };
}
