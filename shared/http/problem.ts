/** The answers of the API: JSON, nothing, or a problem document (RFC 9457) from a closed table of codes. */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Exhaustion } from '../domain/attempts/lockout.ts';
import type { Clock } from '../domain/clock.ts';

export const problems = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'An access token is needed' },
  forbidden: { status: 403, title: 'The access token does not allow this' },
  'proof-required': { status: 403, title: 'The policy asks for proofs that are missing' },
  'fallback-disabled': { status: 403, title: 'The fallback is switched off' },
  'not-found': { status: 404, title: 'There is nothing here' },
  conflict: { status: 409, title: 'Something that is there already stands in the way' },
  'challenge-closed': { status: 410, title: 'The challenge is closed' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON' },
  'code-rejected': { status: 422, title: 'The code is wrong' },
  'method-unavailable': { status: 422, title: 'The method is not offered' },
  'attempts-exhausted': { status: 429, title: 'No attempts are left' },
  'rate-limited': { status: 429, title: 'Too many messages, recoveries or codes' },
  unavailable: { status: 503, title: 'A part of the service does not answer' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemCode = keyof typeof problems;

/** What to do next: the `detail` of a problem, unless whoever answers gives a more precise one. */
const details: Record<ProblemCode, string> = {
  'invalid-request': 'Correct what `errors` points at and send the request again.',
  unauthenticated: 'Get an access token with client credentials and send it as a bearer token.',
  forbidden: 'Use a client that was granted one of the scopes of this route.',
  'proof-required': 'Get the proofs that `missing` names, and send the request again with them.',
  'fallback-disabled': 'The policy of this deployment, or a restriction, does not allow this way to sign in.',
  'not-found': 'Check the path.',
  conflict: 'The Idempotency-Key was used for another request. Use a new one for a new request.',
  'challenge-closed': 'Start a new challenge.',
  'payload-too-large': 'Send at most 16 KiB.',
  'unsupported-media-type': 'Send the body as application/json.',
  'code-rejected': 'Check the code in the newest message and try again.',
  'method-unavailable': 'Leave the method out, or name one that GET /v1/policy lists.',
  'attempts-exhausted': 'Wait as Retry-After says, start a new challenge, or ask the help desk to unlock.',
  'rate-limited': 'Wait as Retry-After says and try again.',
  unavailable: 'Nothing was accepted. Send the same request again, under the same Idempotency-Key.',
};

export interface InputError {
  /**
   * A JSON Pointer (RFC 6901) into the body, `''` for the whole body; or `/path/` or `/query/` and the name of a
   * parameter; or the name of a header.
   */
  readonly pointer: string;
  readonly detail: string;
}

interface ProblemExtras {
  readonly detail?: string;
  readonly errors?: readonly InputError[];
  readonly attemptsRemaining?: number;
  readonly retryAfterSeconds?: number;
  readonly reason?: Exhaustion['reason'];
  /** Proofs of the help desk that were not given. */
  readonly missing?: readonly ('caller' | 'approval')[];
}

/** What to do next, by the reason why no attempt may be made. */
const nextByReason: Record<Exhaustion['reason'], string> = {
  stopped: 'Ask the help desk to unlock this person.',
  wait: 'Wait as Retry-After says and try again.',
  challenge: 'Start a new challenge.',
};

export function attemptsExhausted({ reason, retryAt }: Exhaustion, clock: Clock): Answer {
  return problem('attempts-exhausted', { detail: nextByReason[reason], reason, ...retryIn(retryAt, clock) });
}

export type Answer = APIGatewayProxyStructuredResultV2;

/**
 * Nobody may store an answer (ASVS 14.3.2). Browsers must not guess its type (3.4.4), run or frame it (3.4.3, 3.4.6), and
 * come by https alone (3.4.1).
 */
export const everyAnswer = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
} as const;

export function problem(code: ProblemCode, { retryAfterSeconds, ...extras }: ProblemExtras = {}): Answer {
  const { status, title } = problems[code];
  const body = {
    type: `urn:mfa-fallback:problem:${code}`,
    title,
    status,
    code,
    detail: details[code],
    ...extras,
  };
  return {
    statusCode: status,
    headers: {
      ...everyAnswer,
      'content-type': 'application/problem+json',
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    },
    body: JSON.stringify(body),
  };
}

/** For administrators and help desks alone: a sign-in never tells that somebody is not there. */
export const nobody = (): Answer =>
  problem('not-found', { detail: 'Nobody has this name. Check the spelling.' });

/**
 * The `Retry-After` of a problem in whole seconds. At least one, since zero would invite a loop.
 *
 * @param at when the problem is over, in epoch milliseconds; `undefined` if waiting does not help
 */
export function retryIn(at: number | undefined, clock: Clock): Pick<ProblemExtras, 'retryAfterSeconds'> {
  return at === undefined ? {} : { retryAfterSeconds: Math.max(1, Math.ceil((at - clock.now()) / 1000)) };
}

/** The token is good, but for other routes; RFC 6750 §3.1 says how a client is told. */
export function insufficientScope(scopes: readonly string[]): Answer {
  const detail = `Use a client that was granted ${scopes.join(' or ')}.`;
  const { headers, ...answer } = problem('forbidden', { detail });
  const challenge = `Bearer error="insufficient_scope", scope="${scopes.join(' ')}"`;
  return { ...answer, headers: { ...headers, 'www-authenticate': challenge } };
}

export function json(statusCode: number, body: object): Answer {
  return {
    statusCode,
    headers: { ...everyAnswer, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

export function noContent(): Answer {
  return { statusCode: 204, headers: { ...everyAnswer } };
}
