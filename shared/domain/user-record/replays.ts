/** Replays: how a request is told apart from its repetition, and how long its answer is remembered. */
import { type Idempotency, requestRememberedMilliseconds } from '../identifiers/request-id.ts';
import type { RecordedAttempts } from './attempts.ts';
import type { Reply, UserRecord } from './user-record.ts';

/** Per user and client. More keys than that in ten minutes are nobody's retry. */
const mostReplies = 24;

export function recallReply(
  record: UserRecord,
  idempotency: Idempotency | undefined,
  now: number,
): Reply | undefined {
  const reply = idempotency && record.replies[idempotency.key];
  return reply && reply.at > now - requestRememberedMilliseconds ? reply : undefined;
}

/**
 * Keeps the newest of a client. A limit that refused instead would let whoever may start challenges fill the memory and
 * so keep the person out.
 */
export function rememberReply(
  record: UserRecord,
  { key, body, owner }: Idempotency,
  view: Reply['view'],
  now: number,
): UserRecord {
  const live = Object.entries(record.replies).filter(
    ([, reply]) => reply.at > now - requestRememberedMilliseconds,
  );
  const ownNewestFirst = live
    .filter(([, reply]) => reply.owner === owner)
    .sort(([, one], [, other]) => other.at - one.at);
  const forgotten = new Set(ownNewestFirst.slice(mostReplies - 1).map(([old]) => old));
  const kept = live.filter(([old]) => !forgotten.has(old));
  return { ...record, replies: { ...Object.fromEntries(kept), [key]: { body, at: now, view, owner } } };
}

/** Whether a request is a repetition: it has attempted before, and not too long ago. */
export function hasAttempted(recorded: RecordedAttempts | undefined, request: string, now: number): boolean {
  const attempt = recorded?.attempts[recorded.requests.indexOf(request)];
  return attempt !== undefined && attempt.at > now - requestRememberedMilliseconds;
}

/** Superseded challenges, these included, whose attempts may still be replayed. */
export function replayable<C extends RecordedAttempts>(
  gone: readonly C[],
  past: readonly C[],
  now: number,
): readonly C[] {
  return [...gone, ...past].filter(
    ({ attempts }) => (attempts.at(-1)?.at ?? 0) > now - requestRememberedMilliseconds,
  );
}
