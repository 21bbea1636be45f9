/** Starting a recovery: what policy allows, one for each key, and its execution. */

import { randomBytes } from 'node:crypto';
import type { Exhaustion } from '../attempts/lockout.ts';
import { isStoppedByPerson, stoppedByPerson } from '../attempts/person-stop.ts';
import { hmac, hmac128, type Keyring } from '../crypto/keyring.ts';
import type { StateKeys } from '../crypto/state-keys.ts';
import { Unavailable } from '../faults.ts';
import { type Idempotency, newRequestId, requestRememberedMilliseconds } from '../identifiers/request-id.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { Person } from '../names/person.ts';
import { type RecoveryPath, recoveryPaths } from '../policy/recovery-paths.ts';
import type { Language } from '../text/language.ts';
import { authenticRecovery } from './authentic-recovery.ts';
import type { Recovery, RecoveryPorts } from './recovery.ts';

/** Milliseconds from the start, whatever happens. */
const recoveryLifetimeMilliseconds = 900_000;

interface StartRecovery {
  readonly person: Person;
  readonly client: string;
  readonly path?: RecoveryPath | undefined;
  readonly locale?: Language | undefined;
  readonly idempotency?: Idempotency | undefined;
}

export interface StartRecoveryPorts extends RecoveryPorts {
  readonly limiter: RateLimiter;
  readonly keyring: Keyring;
  readonly stateKeys: StateKeys;
}

export type StartRecoveryOutcome =
  /** `repeated`: the key had started it before. */
  | { readonly kind: 'recovery'; readonly recovery: Recovery; readonly repeated: boolean }
  | { readonly kind: 'fallback-disabled' | 'conflict' }
  | Exhaustion
  | { readonly kind: 'rate-limited'; readonly retryAt: number };

// Each start closes the open questions of the one before and costs an execution of the workflow. Ten an hour are more
// than a person needs, and few for whoever wants to keep that person out.
const startWindows = [{ limit: 10, milliseconds: 3_600_000 }];

/**
 * Recoveries of names that nobody has, of one client: each costs an execution of the workflow. When there were so many,
 * all starts of this client are refused alike, so that the refusal tells of nobody; other clients go on.
 */
const nobodysWindows = [{ limit: 300, milliseconds: 3_600_000 }];
const nobodysRetryMilliseconds = 600_000;

/**
 * One recovery per `Idempotency-Key`: the id is derived from the key and names the execution, so a retry finds both.
 * Only new ones are counted, by name and client, also for names that do not exist.
 *
 * Three DynamoDB requests for a person who was found. Under a key four more: it is looked for twice, and each look asks
 * for the restrictions too.
 */
export async function startRecovery(
  request: StartRecovery,
  ports: StartRecoveryPorts,
): Promise<StartRecoveryOutcome> {
  const { recoveries, workflow, clock, policy, limiter } = ports;
  const paths = recoveryPaths(policy);
  const { person, idempotency } = request;
  if (paths.length === 0 || (request.path !== undefined && !paths.includes(request.path))) {
    return { kind: 'fallback-disabled' };
  }
  const now = clock.now();
  const id = idempotency
    ? idFrom(idempotency, person, spanOf(now), ports.keyring)
    : randomBytes(24).toString('base64url');
  const recovery = newRecovery(id, request, paths, now, ports);
  const before = idempotency && (await startedUnder(idempotency, person, now, ports));
  let found = before;
  if (found === undefined) {
    if (isStoppedByPerson(person.record)) return stoppedByPerson;
    const counted = await limiter.reserve(counterOf(request, ports.keyring), id, now, startWindows);
    if (counted !== 'reserved') return { kind: 'rate-limited', retryAt: counted.retryAt };
    if (!(await hasRoomForNobodys(request, now, ports))) {
      await limiter.release(counterOf(request, ports.keyring), id);
      return { kind: 'rate-limited', retryAt: now + nobodysRetryMilliseconds };
    }
    found = (await recoveries.create(recovery)) ? recovery : await recoveries.read(id);
  }
  if (found === undefined) throw new Unavailable('table');
  if (found.body !== recovery.body) return { kind: 'conflict' };
  // Also for one that was there: the start may have failed after it was written.
  if (found.step === undefined && found.status === 'pending')
    await workflow.start(found.id, found.path ?? '');
  return { kind: 'recovery', recovery: found, repeated: before !== undefined };
}

/** One write, whoever the name is; the names of people leave no count. */
function hasRoomForNobodys(
  { client, person }: StartRecovery,
  now: number,
  { limiter, keyring }: StartRecoveryPorts,
): Promise<boolean> {
  const counter = hmac128(keyring.key('destination', keyring.first), 'recoveries of nobody', client);
  const counts = person.record.enrolment === undefined;
  return limiter.tryReserve(counter, newRequestId(), now, nobodysWindows, counts);
}

function newRecovery(
  id: string,
  { client, person, locale, path, idempotency }: StartRecovery,
  paths: readonly RecoveryPath[],
  now: number,
  { stateKeys }: StartRecoveryPorts,
): Recovery {
  const begun: Omit<Recovery, 'mac'> = {
    id,
    client,
    person: person.key,
    userId: person.name,
    locale,
    paths,
    path: path ?? (paths.length === 1 ? paths[0] : undefined),
    startedAt: now,
    expiresAt: now + recoveryLifetimeMilliseconds,
    status: 'pending',
    body: idempotency?.body ?? '',
    revision: 1,
  };
  return authenticRecovery(begun, stateKeys);
}

const spanOf = (now: number): number => Math.floor(now / requestRememberedMilliseconds);

/** A key is remembered for ten minutes, which may have begun in the span before this one. */
async function startedUnder(
  idempotency: Idempotency,
  person: Person,
  now: number,
  { recoveries, keyring }: StartRecoveryPorts,
): Promise<Recovery | undefined> {
  const spans = [spanOf(now), spanOf(now) - 1];
  const found = await Promise.all(
    spans.map((span) => recoveries.read(idFrom(idempotency, person, span, keyring))),
  );
  return found.find(
    (recovery) => recovery !== undefined && recovery.startedAt > now - requestRememberedMilliseconds,
  );
}

function counterOf({ client, person }: StartRecovery, keyring: Keyring): string {
  return hmac128(keyring.key('destination', keyring.first), 'recovery', client, person.key);
}

/** 192 bits that nobody can guess who lacks the deployment's key, however simple the key that the client chose. */
function idFrom({ key }: Idempotency, person: Person, span: number, keyring: Keyring): string {
  return hmac(keyring.key('idempotency', keyring.first), 'recovery', person.key, key, String(span))
    .subarray(0, 24)
    .toString('base64url');
}
