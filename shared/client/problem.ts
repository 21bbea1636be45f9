/** Problems of the API as a closed union of codes, each with the fields that come with it, and how an answer becomes one. */
import { ClientFault } from './fault.ts';
import type { Problem as Described } from './schema.ts';

export type ProblemCode = Described['code'];

/** What comes with one code alone. */
interface Extras {
  readonly 'invalid-request': { readonly errors: NonNullable<Described['errors']> };
  readonly 'code-rejected': { readonly attemptsRemaining: number };
  readonly 'attempts-exhausted': Wait & {
    /** `stopped`: the help desk unlocks. `wait`: come again later. `challenge`: start again. */
    readonly reason?: 'stopped' | 'wait' | 'challenge';
  };
  readonly 'rate-limited': Wait;
  readonly unavailable: Wait;
  readonly 'proof-required': { readonly missing: readonly ('caller' | 'approval')[] };
}

interface Wait {
  /** Absent where waiting does not help. */
  readonly retryAfterSeconds?: number;
}

/** `Problem<'code-rejected' | 'challenge-closed'>` is one of the two; `code` tells which. */
export type Problem<Code extends ProblemCode = ProblemCode> = Code extends ProblemCode
  ? Pick<Described, 'type' | 'title' | 'status' | 'detail'> & {
      readonly code: Code;
    } & (Code extends keyof Extras ? Extras[Code] : unknown)
  : never;

/** Returned, not thrown: each is something that a page answers, and the type lists those of the route. */
export type Result<Value, Code extends ProblemCode = ProblemCode> =
  | {
      readonly ok: true;
      readonly value: Value;
      /** When to ask again, where the answer says so. */
      readonly retryAfterSeconds?: number;
    }
  | { readonly ok: false; readonly problem: Problem<Code> };

export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.detail}`);
    this.problem = problem;
  }
}

/** For scripts that have no answer to a problem. @throws ProblemError */
export function orThrow<Value>(result: Result<Value>): Value {
  if (result.ok) return result.value;
  throw new ProblemError(result.problem);
}

/** Answers of API Gateway itself have no code; nothing was accepted. */
const byStatus: Readonly<Record<number, ProblemCode>> = {
  400: 'invalid-request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  413: 'payload-too-large',
  415: 'unsupported-media-type',
  429: 'unavailable',
};

/** @throws ClientFault for an answer that is no problem of this API */
export function problemOf({ status, headers }: Response, body: unknown): Problem {
  const said = typeof body === 'object' && body !== null ? (body as Partial<Described>) : {};
  const code = said.code ?? (status >= 500 ? 'unavailable' : byStatus[status]);
  if (code === undefined)
    throw new ClientFault('unexpected-answer', `the API answered ${status} without a problem`);
  const retryAfterSeconds = retryAfterOf(headers);
  return {
    type: `urn:mfa-fallback:problem:${code}`,
    title: code,
    detail: 'The gateway in front of the API answered.',
    ...(code === 'invalid-request' ? { errors: [] } : {}),
    ...said,
    status,
    code,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  } as Problem;
}

/** Seconds, or a date (RFC 9110 §10.2.3). */
export function retryAfterOf(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const seconds = Math.ceil((Date.parse(value) - Date.now()) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
