/** Starting a recovery: what policy allows, one for each key, and its execution. */
import { createHash, randomBytes } from 'node:crypto';
import { type Idempotency, rememberedFor } from './idempotency.ts';
import { Unavailable } from './ports.ts';
import type { Recovery, RecoveryPorts } from './recovery.ts';
import { type RecoveryPath, recoveryPaths } from './recovery-paths.ts';
import { locatorOf } from './user-id.ts';

/** Milliseconds from the start, whatever happens. */
export const recoveryLifetime = 900_000;

export interface StartRecovery {
  readonly userId: string;
  readonly client: string;
  readonly path?: RecoveryPath | undefined;
  readonly idempotency?: Idempotency | undefined;
}

export type StartRecoveryOutcome =
  | { readonly kind: 'recovery'; readonly recovery: Recovery }
  | { readonly kind: 'fallback-disabled' | 'conflict' };

/**
 * Starts a recovery. Under one `Idempotency-Key` there is one: its id is made from the key, so that whoever
 * repeats the request finds it, and the workflow's execution bears its name.
 */
export async function startRecovery(
  request: StartRecovery,
  ports: RecoveryPorts,
): Promise<StartRecoveryOutcome> {
  const { recoveries, workflow, clock, policy } = ports;
  const paths = recoveryPaths(policy);
  const { userId, client, idempotency } = request;
  if (paths.length === 0 || (request.path !== undefined && !paths.includes(request.path))) {
    return { kind: 'fallback-disabled' };
  }
  const now = clock.now();
  const span = Math.floor(now / rememberedFor);
  // A key is remembered for ten minutes, which may have begun in the span of time before this one.
  const earlier = idempotency && (await recoveries.read(idFrom(idempotency, userId, span - 1)));
  const repeated = earlier && earlier.startedAt > now - rememberedFor ? earlier : undefined;
  const id = idempotency ? idFrom(idempotency, userId, span) : randomBytes(24).toString('base64url');
  const path = request.path ?? (paths.length === 1 ? paths[0] : undefined);
  const recovery: Recovery = {
    id,
    client,
    userId,
    paths,
    path,
    startedAt: now,
    expiresAt: now + recoveryLifetime,
    status: 'pending',
    body: idempotency?.body ?? '',
    revision: 1,
  };
  const created = repeated === undefined && (await recoveries.create(recovery));
  const found = repeated ?? (created ? recovery : await recoveries.read(id));
  if (found === undefined) throw new Unavailable('the table');
  if (found.body !== recovery.body) return { kind: 'conflict' };
  // Also for one that was there: the start may have failed after it was written.
  if (found.step === undefined && found.status === 'pending')
    await workflow.start(found.id, found.path ?? '');
  return { kind: 'recovery', recovery: found };
}

/** 192 bits of the key's digest: as long as a random id, and as hard to guess as the key the client chose. */
function idFrom({ key }: Idempotency, userId: string, span: number): string {
  return createHash('sha256')
    .update(`recovery\0${locatorOf(userId)}\0${key}\0${span}`)
    .digest()
    .subarray(0, 24)
    .toString('base64url');
}
