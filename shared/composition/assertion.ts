/** Builds what a function needs to sign assertions, and to know what it may sign, from its environment. */
import { assertionSigner, deriveStateKeys } from '../aws/kms.ts';
import { keyVersions } from '../environment/configuration.ts';

interface AssertionEnvironment {
  readonly SIGNING_KEYS: string;
  readonly STATE_KEYS: string;
  readonly ASSERTION_ISSUER: string;
}

/** Calls KMS once for each version of the key of states. */
export async function assertionPorts(
  kms: Parameters<typeof assertionSigner>[0],
  environment: AssertionEnvironment,
) {
  const signer = assertionSigner(kms, keyVersions(environment.SIGNING_KEYS));
  const stateKeys = await deriveStateKeys(kms, keyVersions(environment.STATE_KEYS));
  return { signer, issuer: environment.ASSERTION_ISSUER, stateKeys };
}
