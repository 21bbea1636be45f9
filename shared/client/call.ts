/** One call of an operation: its request, its repetitions under one Idempotency-Key, and its result. */
import type { TokenSource } from './access-token.ts';
import { ClientFault } from './fault.ts';
import { pause, unlessStopped } from './pause.ts';
import { problemOf, type Result, retryAfterOf } from './problem.ts';
import { type Operations, operations } from './schema.ts';
import { type TimeLimit, timeLimit } from './time-limit.ts';

export interface CallOptions {
  /** Calls it off: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** For all tries and the pauses between them. */
  readonly timeLimitSeconds?: number | undefined;
  /** Of a POST. Left out, each call gets one of its own; name one to repeat the call in another process. */
  readonly idempotencyKey?: string | undefined;
}

export interface Connection {
  readonly api: string;
  readonly token: TokenSource;
  readonly send: typeof fetch;
  readonly timeLimitSeconds: number;
}

export type Operation = keyof Operations;
export type Input<Id extends Operation> = Omit<Operations[Id], 'answer' | 'problem'>;
export type Answer<Id extends Operation> = Result<Operations[Id]['answer'], Operations[Id]['problem']>;

/** Of path, query and body, whichever the operation has. */
interface Given {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

const tries = 4;
/** API Gateway answers within thirty; the functions long before. */
const trySeconds = 15;
const firstPauseSeconds = 0.2;

/**
 * Repeats what the API did not accept (503), what was lost on the way and, with a new token, one 401.
 *
 * @throws ClientFault when there is no answer; the reason of `signal` when it was called off
 */
export async function call<Id extends Operation>(
  id: Id,
  input: Input<Id>,
  connection: Connection,
  options: CallOptions = {},
): Promise<Answer<Id>> {
  const seconds = options.timeLimitSeconds ?? connection.timeLimitSeconds;
  const limit = timeLimit(seconds, options.signal);
  try {
    return await callWithin(limit, Date.now() + seconds * 1000, id, input, connection, options);
  } finally {
    limit.end();
  }
}

async function callWithin<Id extends Operation>(
  limit: TimeLimit,
  deadline: number,
  id: Id,
  input: Input<Id>,
  { api, token, send }: Connection,
  { signal, idempotencyKey }: CallOptions,
): Promise<Answer<Id>> {
  const [method, route] = operations[id];
  const { path, query, body } = input as Given;
  const stop = limit.signal;
  const headers = {
    accept: 'application/json, application/problem+json',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(method === 'POST' ? { 'idempotency-key': idempotencyKey ?? crypto.randomUUID() } : {}),
  };
  const attempt = async (authorization: string): Promise<Answer<Id>> => {
    const one = timeLimit(trySeconds, stop);
    try {
      const response = await send(api + target(route, path, query), {
        method,
        redirect: 'error',
        signal: one.signal,
        headers: { ...headers, authorization },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return (await read(response)) as Answer<Id>;
    } finally {
      one.end();
    }
  };

  let renewed = false;
  for (let tried = 1, renew = false; ; tried += 1) {
    const bearer = await unlessStopped(token(renew), stop).catch((cause: unknown) => {
      throw limit.isOver() ? overdue(cause) : cause;
    });
    const outcome = await attempt(`Bearer ${bearer}`).catch((cause: unknown) => lost(cause, method, signal));
    const repeat = outcome instanceof ClientFault || (!outcome.ok && outcome.problem.code === 'unavailable');
    if (!repeat) {
      if (outcome.ok || outcome.problem.code !== 'unauthenticated' || renewed) return outcome;
      renewed = true;
      renew = true;
      continue;
    }
    renew = false;
    const wait = Math.max(pauseAfter(tried), outcome instanceof ClientFault ? 0 : waitOf(outcome));
    if (tried === tries || Date.now() + wait * 1000 > deadline) {
      if (outcome instanceof ClientFault) throw outcome;
      return outcome;
    }
    await pause(wait, stop).catch((cause: unknown) => {
      throw signal?.aborted
        ? signal.reason
        : new ClientFault('no-answer', 'the time limit is over', { cause });
    });
  }
}

const overdue = (cause: unknown): ClientFault =>
  new ClientFault('no-answer', 'the time limit is over', { cause });

/** A DELETE is repeated only where the API says that nothing was done: a lost one would find nothing the second time. */
function lost(cause: unknown, method: string, signal: AbortSignal | undefined): ClientFault {
  if (signal?.aborted) throw signal.reason;
  if (cause instanceof ClientFault && cause.code !== 'no-answer') throw cause;
  const fault = new ClientFault('no-answer', 'the API does not answer', { cause });
  if (method === 'DELETE') throw fault;
  return fault;
}

/** Twice as long each time, with half of it left to chance, so that many clients do not come again together. */
function pauseAfter(tried: number): number {
  return firstPauseSeconds * 2 ** (tried - 1) * (0.5 + Math.random() / 2);
}

function waitOf(outcome: Result<unknown>): number {
  const problem = outcome.ok ? undefined : outcome.problem;
  return problem?.code === 'unavailable' ? (problem.retryAfterSeconds ?? 0) : 0;
}

function target(route: string, path: Given['path'], query: Given['query'] = {}): string {
  const filled = route.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path?.[name] ?? ''));
  const asked = Object.entries(query).filter(([, value]) => value !== undefined);
  return asked.length === 0
    ? filled
    : `${filled}?${new URLSearchParams(asked.map(([name, value]): [string, string] => [name, String(value)]))}`;
}

async function read(response: Response): Promise<Result<unknown>> {
  const text = await response.text();
  const body = parse(text);
  if (!response.ok) return { ok: false, problem: problemOf(response, body) };
  if (text !== '' && body === undefined)
    throw new ClientFault('unexpected-answer', `the API answered ${response.status} without JSON`);
  const retryAfterSeconds = retryAfterOf(response.headers);
  return { ok: true, value: body, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
