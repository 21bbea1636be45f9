/** Builds what a function needs to sign assertions, from its environment. */
import { assertionSigner } from '../aws/kms.ts';
import { keyVersions } from '../environment/configuration.ts';

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
