/** A backup code as it was posted: for a sign-in, by name, or as the step of a recovery. */
import { type Idempotency, newRequestId } from '../identifiers/request-id.ts';
import { findPerson } from '../names/person.ts';
import { forbidsFallback } from '../policy/fallback.ts';
import { asksFor } from '../policy/recovery-paths.ts';
import { personOf } from '../recovery/person-of.ts';
import { type RecoveryPorts, readRecovery } from '../recovery/recovery.ts';
import type { RedeemPorts } from './decide-redemption.ts';
import { type RedeemOutcome, redeemCode } from './redeem-code.ts';

interface TypedCode {
  /** In the form of `readBackupCode`. */
  readonly code: string;
  readonly client: string;
  /** Of a sign-in. */
  readonly userId?: string | undefined;
  /** Of a recovery, which knows whom it is for. */
  readonly recoveryId?: string | undefined;
  readonly idempotency?: Idempotency | undefined;
}

interface TypedCodeOutcome {
  readonly outcome: RedeemOutcome;
  /** Absent where the code was not looked at. */
  readonly user?: string;
}

/**
 * A recovery takes a code when its open step asks for one. After that only the request that did answer the step is
 * told again, which needs its key; any other code stays unused.
 */
export async function verifyBackupCode(
  { code, client, userId, recoveryId, idempotency }: TypedCode,
  ports: RedeemPorts & RecoveryPorts,
): Promise<TypedCodeOutcome> {
  if (forbidsFallback(ports.policy)) return { outcome: { kind: 'fallback-disabled' } };
  const recovery = recoveryId === undefined ? undefined : await readRecovery(recoveryId, client, ports);
  const isOver = recoveryId !== undefined && recovery?.step?.type !== 'backup-code';
  if (isOver && (!asksFor('backup-code', recovery?.path) || idempotency === undefined))
    return { outcome: { kind: 'challenge-closed' } };
  const person = recovery ? await personOf(recovery, ports) : await findPerson(userId ?? '', ports);
  const request = idempotency?.key ?? newRequestId();
  const use = { person, client, code, request, recovery: recoveryId, onlyReplay: isOver };
  return { user: person.key, outcome: await redeemCode(use, ports) };
}
