/** Replays: how a request is told apart from its repetition, and how long its answer is remembered. */
import { createHash, randomUUID } from 'node:crypto';
import type { Attempts } from './challenge.ts';
import type { Reply, UserRecord } from './user-record.ts';

/** For how long a repetition of a request is told apart from a new one. */
export const requestRememberedMilliseconds = 600_000;
const mostReplies = 24; // per user and client; more keys than that in ten minutes are nobody's retry

/** The `Idempotency-Key` of a request, bound to its client and path, with the digest of its body. */
export interface Idempotency {
  readonly key: string;
  readonly body: string;
  /** Stands for the client. */
  readonly owner: string;
}

export function idempotencyOf(client: string, path: string, header: string, body: unknown): Idempotency {
  return {
    key: digest(`${client}\0${path}\0${header}`),
    body: digest(JSON.stringify(body ?? null)), // routes without a body, and those that do not exist, have none
    owner: digest(client).slice(0, 8),
  };
}

/**
 * Names a request that carries no key of its own. The name is new each time, so the SDK's retries of one write share
 * it, and a repetition by the client does not.
 */
export function unrepeatable(): string {
  return randomUUID(); // 122 random bits, which Node draws many at a time
}

export function recallReply(
  record: UserRecord,
  idempotency: Idempotency | undefined,
  now: number,
): Reply | undefined {
  const reply = idempotency && record.replies[idempotency.key];
  return reply && reply.at > now - requestRememberedMilliseconds ? reply : undefined;
}

/** `retryAt` when a client has more live keys than are kept: better no answer than one that is forgotten. */
export function rememberReply(
  record: UserRecord,
  { key, body, owner }: Idempotency,
  view: Reply['view'],
  now: number,
): UserRecord | { readonly retryAt: number } {
  const live = Object.entries(record.replies).filter(
    ([, reply]) => reply.at > now - requestRememberedMilliseconds,
  );
  const own = live.flatMap(([, reply]) => (reply.owner === owner ? [reply.at] : []));
  if (own.length >= mostReplies) return { retryAt: Math.min(...own) + requestRememberedMilliseconds };
  return { ...record, replies: { ...Object.fromEntries(live), [key]: { body, at: now, view, owner } } };
}

/** Whether a request is a repetition: it has guessed before, and not too long ago. */
export function hasGuessed({ requests, guesses }: Attempts, request: string, now: number): boolean {
  const guess = guesses[requests.indexOf(request)];
  return guess !== undefined && guess.at > now - requestRememberedMilliseconds;
}

/** Superseded challenges, this one included, whose guesses may still be replayed. */
export function replayable<C extends Attempts>(
  previous: C | undefined,
  past: readonly C[],
  now: number,
): readonly C[] {
  const candidates = previous === undefined ? past : [previous, ...past];
  return candidates.filter(({ guesses }) => (guesses.at(-1)?.at ?? 0) > now - requestRememberedMilliseconds);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
