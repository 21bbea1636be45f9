/** Builds the ports of this function from its environment. */
import type { JsonWebKey } from 'node:crypto';
import type { Policy } from '../../shared/domain/policy/policy.ts';
import { environmentOf, policyFrom } from '../../shared/environment/configuration.ts';

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
    // Only one route needs KMS and the table, so it loads their clients. It keeps the answer once each key has its
    // certificate: keys change with a deployment.
    keys: () => {
      keys ??= import('./jwks.ts')
        .then((signing) => signing.jwks(environment))
        .then((all) => {
          if (!all.every((key) => 'x5c' in key)) keys = undefined;
          return all;
        })
        .catch((error) => {
          keys = undefined;
          throw error;
        });
      return keys;
    },
  };
}
