/** What names a request: its Idempotency-Key, or a name of its own. */
import { createHash, randomUUID } from 'node:crypto';

/** For how long a repetition of a request is told apart from a new one. */
export const requestRememberedMilliseconds = 600_000;

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

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
export function newRequestId(): string {
  return randomUUID(); // 122 random bits, which Node draws many at a time
}
