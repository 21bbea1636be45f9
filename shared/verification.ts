/** What a function needs to say that something was verified: the signing key, the issuer, the answer's body. */
import { keyVersions } from './configuration.ts';
import { assertionFor, contextOf, methodsOf, type Signer, type Verification } from './domain/assertion.ts';
import type { Keyring } from './domain/keyring.ts';
import { timestamp } from './http/timestamp.ts';
import { assertionSigner } from './keys.ts';

export interface AssertionPorts {
  readonly signer: Signer;
  readonly issuer: string;
  readonly keyring: Keyring;
}

interface AssertionEnvironment {
  readonly SIGNING_KEYS: string;
  readonly ASSERTION_ISSUER: string;
}

export function assertionPorts(
  kms: Parameters<typeof assertionSigner>[0],
  environment: AssertionEnvironment,
) {
  const signer = assertionSigner(kms, keyVersions(environment.SIGNING_KEYS));
  return { signer, issuer: environment.ASSERTION_ISSUER };
}

/** The verification as the API gives it. The same verification has the same assertion, byte for byte. */
export async function verificationBody(
  verification: Verification,
  { issuer, signer, keyring }: AssertionPorts,
) {
  const { userId, purpose, authenticator, at } = verification;
  const assertion = await assertionFor(verification, issuer, signer, keyring);
  return {
    verified: true,
    userId,
    purpose,
    method: authenticator,
    amr: methodsOf(authenticator),
    acr: contextOf(authenticator),
    verifiedAt: timestamp(at),
    assertion,
  };
}
