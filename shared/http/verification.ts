/** The answer that something was verified: its body, its assertion, and what happens to a recovery. */
import { assertionFor, contextOf, methodsOf, type Signer, type Verification } from '../domain/assertion.ts';
import type { Keyring } from '../domain/crypto/keyring.ts';
import type { StateKeys } from '../domain/crypto/state-keys.ts';
import { resumeRecovery } from '../domain/recovery/answer-step.ts';
import type { RecoveryPorts } from '../domain/recovery/recovery.ts';
import { timestamp } from './timestamp.ts';

export interface AssertionPorts {
  readonly signer: Signer;
  readonly issuer: string;
  readonly keyring: Keyring;
  readonly stateKeys: StateKeys;
}

/** A verification with its assertion. The same verification always has the same assertion, byte for byte. */
export async function verificationBody(
  verification: Verification,
  { issuer, signer, keyring }: AssertionPorts,
) {
  const assertion = await assertionFor(verification, issuer, signer, keyring);
  return { ...verifiedBody(verification), assertion };
}

/**
 * Answers a right code or right answers. Inside a recovery it resumes the workflow and gives no assertion: only the
 * finished recovery has one. `undefined` when that recovery is over.
 *
 * @param recovery id of the recovery that this was a step of
 */
export async function answerVerified(
  verification: Verification,
  recovery: string | undefined,
  ports: AssertionPorts & RecoveryPorts,
) {
  if (recovery === undefined) return verificationBody(verification, ports);
  const challenge = verification.authenticator === 'backup-code' ? undefined : verification.id;
  const resumed = await resumeRecovery(recovery, challenge, ports);
  return resumed === 'resumed' ? verifiedBody(verification) : undefined;
}

function verifiedBody({ userId, purpose, authenticator, at }: Verification) {
  return {
    verified: true,
    userId,
    purpose,
    method: authenticator,
    amr: methodsOf(authenticator),
    acr: contextOf(authenticator),
    verifiedAt: timestamp(at),
  };
}
