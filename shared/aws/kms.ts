/** Uses the deployment's KMS keys: derives working keys and the keys of states, and signs with the signing keys. */
import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { GenerateMacCommand, GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import type { Signer } from '../domain/assertion.ts';
import { type Keyring, keyringOf } from '../domain/crypto/keyring.ts';
import { type StateKeys, stateKeysOf } from '../domain/crypto/state-keys.ts';
import { awsClient } from './client.ts';

export function kmsClient(): KMSClient {
  return awsClient(KMSClient, 'kms');
}

/**
 * Asks KMS for 32 bytes of each version, once in a cold start. KMS computes them from keys that never leave it, and
 * no store holds them. Only who may call `GenerateMac` on the key can have them.
 */
export async function deriveKeyring(kms: KMSClient, versions: ReadonlyMap<number, string>): Promise<Keyring> {
  return keyringOf(await mastersOf('working keys', kms, versions));
}

/** The same of the keys of states, which the functions that give verdicts may ask for alone. */
export async function deriveStateKeys(
  kms: KMSClient,
  versions: ReadonlyMap<number, string>,
): Promise<StateKeys> {
  return stateKeysOf(await mastersOf('state keys', kms, versions));
}

async function mastersOf(what: string, kms: KMSClient, versions: ReadonlyMap<number, string>) {
  const masters = await Promise.all(
    Array.from(versions, async ([version, KeyId]): Promise<[number, Uint8Array]> => {
      const Message = Buffer.from(`mfa-fallback ${what} v${version}`);
      const { Mac } = await kms.send(
        new GenerateMacCommand({ KeyId, MacAlgorithm: 'HMAC_SHA_256', Message }),
      );
      if (Mac === undefined) throw new Error('KMS returned no MAC');
      return [version, Mac];
    }),
  );
  return new Map(masters);
}

/** Eight hexadecimal digits: Entra ID takes a `kid` that is base64 text, and these satisfy every reading of that. */
const keyIdOf = (version: number): string => version.toString(16).padStart(8, '0');

/**
 * Signs by RS256, the one algorithm that API Gateway's own JWT authorizer takes, with the signing key in use.
 * PKCS #1 v1.5 signatures are deterministic: a repeated request gets the same assertion, byte for byte.
 */
export function assertionSigner(kms: KMSClient, versions: ReadonlyMap<number, string>): Signer {
  const [[version, KeyId]] = versions as unknown as [[number, string]];
  return {
    keyId: keyIdOf(version),
    async sign(input) {
      const Message = createHash('sha256').update(input, 'latin1').digest();
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

export interface SigningKey {
  /** `kid`. */
  readonly keyId: string;
  readonly publicKey: KeyObject;
  readonly sign: Signer['sign'];
}

/** All signing keys, also those that no longer sign or do not sign yet. */
export async function signingKeys(
  kms: KMSClient,
  versions: ReadonlyMap<number, string>,
): Promise<SigningKey[]> {
  return Promise.all(
    Array.from(versions, async (version): Promise<SigningKey> => {
      const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: version[1] }));
      if (PublicKey === undefined) throw new Error('KMS returned no public key');
      const publicKey = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
      const { keyId, sign } = assertionSigner(kms, new Map([version]));
      return { keyId, publicKey, sign };
    }),
  );
}

/** The public halves of all signing keys as a JWKS has them. */
export async function publicKeys(
  kms: KMSClient,
  versions: ReadonlyMap<number, string>,
): Promise<(JsonWebKey & { readonly kid: string })[]> {
  const keys = await signingKeys(kms, versions);
  return keys.map(({ keyId: kid, publicKey }) => ({
    ...publicKey.export({ format: 'jwk' }),
    kid,
    alg: 'RS256',
    use: 'sig',
  }));
}
