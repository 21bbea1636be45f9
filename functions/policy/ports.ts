/** Builds the ports of this function from its environment. */
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
    // Only one route needs the KMS client, so it loads it. Keys change with a deployment, so it keeps the answer.
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
