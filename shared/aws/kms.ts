/** The deployment's KMS keys in use: working keys derived from the pepper keys, signatures of the signing keys. */
import { createHash, createPublicKey, type JsonWebKey } from 'node:crypto';
import { GenerateMacCommand, GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import type { Signer } from '../domain/assertion.ts';
import { type Keyring, keyringOf } from '../domain/crypto/keyring.ts';
import { clientConfiguration } from './client-configuration.ts';
import { trimmedClient } from './trimmed-client.ts';

export function kmsClient(): KMSClient {
  return trimmedClient(new KMSClient(clientConfiguration('kms')));
}

/**
 * 32 bytes for each version, computed inside KMS from keys that never leave it: one request per version and
 * cold start, and nothing to read in any store. Whoever may not call `GenerateMac` on the key cannot have them.
 */
export async function deriveKeyring(kms: KMSClient, versions: ReadonlyMap<number, string>): Promise<Keyring> {
  const masters = await Promise.all(
    Array.from(versions, async ([version, KeyId]): Promise<[number, Uint8Array]> => {
      const Message = Buffer.from(`mfa-fallback working keys v${version}`);
      const { Mac } = await kms.send(
        new GenerateMacCommand({ KeyId, MacAlgorithm: 'HMAC_SHA_256', Message }),
      );
      if (Mac === undefined) throw new Error('KMS returned no MAC');
      return [version, Mac];
    }),
  );
  return keyringOf(new Map(masters));
}

const keyIdOf = (version: number): string => `signing-${version}`;

/**
 * RS256 by the signing key in use: the one algorithm that API Gateway's own JWT authorizer takes. PKCS #1 v1.5
 * signatures are deterministic, so a repeated request is answered with the same assertion, byte for byte.
 */
export function assertionSigner(kms: KMSClient, versions: ReadonlyMap<number, string>): Signer {
  const [[version, KeyId]] = versions as unknown as [[number, string]];
  return {
    keyId: keyIdOf(version),
    async sign(input) {
      const Message = createHash('sha256').update(input).digest();
      const { Signature } = await kms.send(
        new SignCommand({
          KeyId,
          Message,
          MessageType: 'DIGEST',
          SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
        }),
      );
      if (Signature === undefined) throw new Error('KMS returned no signature');
      return Signature;
    },
  };
}

/** The public halves of all signing keys, those that no longer sign, or do not yet, included. */
export async function publicKeys(
  kms: KMSClient,
  versions: ReadonlyMap<number, string>,
): Promise<JsonWebKey[]> {
  return Promise.all(
    Array.from(versions, async ([version, KeyId]) => {
      const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId }));
      if (PublicKey === undefined) throw new Error('KMS returned no public key');
      const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
      return { ...key.export({ format: 'jwk' }), kid: keyIdOf(version), alg: 'RS256', use: 'sig' };
    }),
  );
}
