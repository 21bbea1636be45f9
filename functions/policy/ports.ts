/** What the function is composed of. */
import type { JsonWebKey } from 'node:crypto';
import type { Policy } from '../../shared/domain/policy/policy.ts';
import { environmentOf, keyVersions, policyFrom } from '../../shared/environment/configuration.ts';

export interface Ports {
  readonly policy: Policy;
  readonly voice: boolean;
  readonly clientIdClaim: string;
  readonly keys: () => Promise<JsonWebKey[]>;
}

export async function connect(): Promise<Ports> {
  const environment = environmentOf('policy');
  let keys: Promise<JsonWebKey[]> | undefined;
  return {
    policy: policyFrom(environment),
    voice: environment.CALL_QUEUE_URL !== undefined,
    clientIdClaim: environment.CLIENT_ID_CLAIM,
    // The KMS client is loaded by the one route that needs it, and its answer kept: keys change by deployment.
    keys: () => {
      keys ??= import('../../shared/aws/kms.ts')
        .then(({ kmsClient, publicKeys }) => publicKeys(kmsClient(), keyVersions(environment.SIGNING_KEYS)))
        .catch((error) => {
          keys = undefined;
          throw error;
        });
      return keys;
    },
  };
}
