/** Makes the certificates of the signing keys, once, for a function that may sign; and reads them for one that may not. */

import type { JsonWebKey, X509Certificate } from 'node:crypto';
import { createPublicKey } from 'node:crypto';
import type { KMSClient } from '@aws-sdk/client-kms';
import { publicKeys, signingKeys } from '../aws/kms.ts';
import { certificateOf, selfSigned } from '../domain/crypto/certificate.ts';
import type { CertificateStore } from '../store/certificates.ts';

export interface CertifiedKey {
  readonly keyId: string;
  readonly certificate: X509Certificate;
}

/** Reads each key's certificate, and makes what is missing or is not that key's. */
export async function certified(
  kms: KMSClient,
  versions: ReadonlyMap<number, string>,
  store: CertificateStore,
): Promise<CertifiedKey[]> {
  const keys = await signingKeys(kms, versions);
  return Promise.all(
    keys.map(async ({ keyId, publicKey, sign }) => {
      const stored = await store.read(keyId);
      const known = stored && certificateOf(publicKey, stored);
      if (known !== undefined) return { keyId, certificate: known };
      const made = await selfSigned(publicKey, `MFA fallback ${keyId}`, sign);
      await store.keep(keyId, made);
      const certificate = certificateOf(publicKey, made);
      if (certificate === undefined) throw new Error('the certificate is not of its key');
      return { keyId, certificate };
    }),
  );
}

/** The JWKS, each key with its certificate where there is one. */
export async function certifiedJwks(
  kms: KMSClient,
  versions: ReadonlyMap<number, string>,
  store: CertificateStore,
): Promise<JsonWebKey[]> {
  const keys = await publicKeys(kms, versions);
  return Promise.all(
    keys.map(async (jwk) => {
      const stored = await store.read(jwk.kid);
      const certificate = stored && certificateOf(createPublicKey({ key: jwk, format: 'jwk' }), stored);
      return certificate === undefined ? jwk : { ...jwk, x5c: [certificate.raw.toString('base64')] };
    }),
  );
}
