/** The keys of the assertion as the JWKS shows them, each with the certificate that the provider made of it. */
import type { JsonWebKey } from 'node:crypto';
import { kmsClient } from '../../shared/aws/kms.ts';
import { certifiedJwks } from '../../shared/composition/certificates.ts';
import { tableOf } from '../../shared/composition/core.ts';
import { keyVersions } from '../../shared/environment/configuration.ts';
import { certificateStore } from '../../shared/store/certificates.ts';

export function jwks(environment: {
  readonly SIGNING_KEYS: string;
  readonly TABLE_NAME: string;
}): Promise<JsonWebKey[]> {
  const versions = keyVersions(environment.SIGNING_KEYS);
  return certifiedJwks(kmsClient(), versions, certificateStore(tableOf(environment)));
}
