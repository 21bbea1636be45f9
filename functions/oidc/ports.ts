/** Builds the ports of this function from its environment. */
import { assertionSigner, kmsClient } from '../../shared/aws/kms.ts';
import { certified } from '../../shared/composition/certificates.ts';
import { corePorts } from '../../shared/composition/core.ts';
import { environmentOf, keyVersions } from '../../shared/environment/configuration.ts';
import { signInClientsFrom } from '../../shared/environment/sign-in-clients.ts';
import { authorizationStore } from '../../shared/store/authorizations.ts';
import { certificateStore } from '../../shared/store/certificates.ts';
import type { Endpoint } from './node-exchange.ts';

export interface Ports {
  readonly issuer: string;
  readonly provider: () => Promise<Endpoint>;
}

/** Entra reads discovery before the keys, so the certificates that it wants of them are made here, at cold start. */
export async function connect(): Promise<Ports> {
  const environment = environmentOf('oidc');
  const kms = kmsClient();
  const { table, keyring, clock } = await corePorts(environment, kms);
  const versions = keyVersions(environment.SIGNING_KEYS);
  const issuer = environment.ASSERTION_ISSUER;
  const certificates = await certified(kms, versions, certificateStore(table));
  let provider: Promise<Endpoint> | undefined;
  return {
    issuer,
    provider: () => {
      provider ??= import('./provider.ts').then(({ providerEndpoint }) =>
        providerEndpoint({
          issuer,
          clients: signInClientsFrom(environment),
          authorizations: authorizationStore(table, keyring),
          clock,
          signer: assertionSigner(kms, versions),
          certificates,
        }),
      );
      return provider;
    },
  };
}
