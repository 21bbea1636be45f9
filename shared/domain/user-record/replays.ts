/** Replays: how a request is told apart from its repetition, and how long its answer is remembered. */

import { type Idempotency, requestRememberedMilliseconds } from '../identifiers/request-id.ts';
import type { RecordedAttempts } from './attempts.ts';
import type { Reply, UserRecord } from './user-record.ts';

const mostReplies = 24; // per user and client; more keys than that in ten minutes are nobody's retry

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
export function hasAttempted(recorded: RecordedAttempts | undefined, request: string, now: number): boolean {
  const attempt = recorded?.attempts[recorded.requests.indexOf(request)];
  return attempt !== undefined && attempt.at > now - requestRememberedMilliseconds;
}

/** Superseded challenges, this one included, whose guesses may still be replayed. */
export function replayable<C extends RecordedAttempts>(
  previous: C | undefined,
  past: readonly C[],
  now: number,
): readonly C[] {
  const candidates = previous === undefined ? past : [previous, ...past];
  return candidates.filter(
    ({ attempts }) => (attempts.at(-1)?.at ?? 0) > now - requestRememberedMilliseconds,
  );
}
