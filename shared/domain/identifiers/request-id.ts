/** The id of a request: derived from its `Idempotency-Key`, or random. */
import { createHash, randomUUID } from 'node:crypto';

/** How long a request is remembered; later, a repetition of it counts as a new request. */
export const requestRememberedMilliseconds = 600_000;

/** An `Idempotency-Key` with what it is bound to, all as digests. */
export interface Idempotency {
  /** Of the header, the client and the path. */
  readonly key: string;
  /** Of the body: the same key with another body is a conflict. */
  readonly body: string;
  /** Of the client. */
  readonly owner: string;
}

export function idempotencyOf(client: string, path: string, header: string, body: unknown): Idempotency {
  return {
    key: digest(`${client}\0${path}\0${header}`),
    body: digest(JSON.stringify(body ?? null)), // a route without a body, or an unknown one, has none
    owner: digest(client).slice(0, 8),
  };
}

/** A SHA-256 digest as 22 characters of base64url, 132 bits. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

/**
 * An id for a request without an `Idempotency-Key`. The SDK's retries of one write share it; a repetition by the client
 * gets a new one.
 */
export function newRequestId(): string {
  return randomUUID(); // 122 random bits; Node draws them in bulk
}
