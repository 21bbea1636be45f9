/** What a function needs to say that something was verified: the signing key, the issuer, the answer's body. */
import { assertionFor, contextOf, methodsOf, type Signer, type Verification } from '../domain/assertion.ts';
import type { Keyring } from '../domain/crypto/keyring.ts';
import { resumeRecovery } from '../domain/recovery/answer-step.ts';
import type { RecoveryPorts } from '../domain/recovery/recovery.ts';
import { timestamp } from './timestamp.ts';

export interface AssertionPorts {
  readonly signer: Signer;
  readonly issuer: string;
  readonly keyring: Keyring;
}

/** What was verified, as the API gives it. */
function provenBody({ userId, purpose, authenticator, at }: Verification) {
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

/** The same with its assertion. The same verification has the same assertion, byte for byte. */
export async function verificationBody(
  verification: Verification,
  { issuer, signer, keyring }: AssertionPorts,
) {
  const assertion = await assertionFor(verification, issuer, signer, keyring);
  return { ...provenBody(verification), assertion };
}

/**
 * The answer to a right code or right answers. Inside a recovery it resumes the workflow and asserts nothing:
 * only the finished recovery does. `undefined` when that recovery is over.
 */
export async function answerVerified(
  verification: Verification,
  recovery: string | undefined,
  ports: AssertionPorts & RecoveryPorts,
) {
  if (recovery === undefined) return verificationBody(verification, ports);
  const challenge = verification.authenticator === 'backup-code' ? undefined : verification.id;
  const resumed = await resumeRecovery(recovery, challenge, ports);
  return resumed === 'resumed' ? provenBody(verification) : undefined;
}
