/** AWS KMS: message authentication codes and signatures, with keys that stay in this process. */
import { createHash, createHmac, createPublicKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { KeySpec, Keys } from './keys.ts';
import { type Operations, requiredText } from './operations.ts';
import type { Input } from './protocols.ts';
import { signPkcs1, signPss } from './rsa-signature.ts';
import { ServiceError } from './service-error.ts';

/** The longest message that KMS takes. A caller with a longer one hashes it first. */
const mostMessageBytes = 4_096;
const sha256Bytes = 32;
const macAlgorithm = 'HMAC_SHA_256';

const signers: Readonly<Record<string, (key: KeyObject, digest: Buffer) => Buffer>> = {
  RSASSA_PKCS1_V1_5_SHA_256: signPkcs1,
  RSASSA_PSS_SHA_256: signPss,
};

export function kmsOperations(keys: Keys): Operations {
  const keyOf = (input: Input): KeySpec => {
    const key = keys.find(requiredText(input, 'KeyId'));
    if (key === undefined) throw new ServiceError('NotFoundException', 'There is no such key.');
    return key;
  };
  const keyFor = (input: Input, spec: KeySpec['spec']): KeySpec => {
    const key = keyOf(input);
    if (key.spec === spec) return key;
    throw new ServiceError(
      'InvalidKeyUsageException',
      `The key usage of ${key.arn} does not allow this operation.`,
    );
  };
  const mac = async (input: Input) => {
    const key = keyFor(input, 'HMAC_256');
    if (requiredText(input, 'MacAlgorithm') !== macAlgorithm) throw unfit('MacAlgorithm');
    const digest = createHmac('sha256', await keys.material(key)).update(bytes(input, 'Message'));
    return { key, mac: digest.digest() };
  };

  return {
    async GenerateMac(input) {
      const { key, mac: made } = await mac(input);
      return { Mac: made.toString('base64'), MacAlgorithm: macAlgorithm, KeyId: key.arn };
    },
    async VerifyMac(input) {
      const { key, mac: right } = await mac(input);
      const given = bytes(input, 'Mac');
      if (given.length !== right.length || !timingSafeEqual(given, right)) {
        throw new ServiceError('KMSInvalidMacException', 'The MAC does not fit.');
      }
      return { MacValid: true, MacAlgorithm: macAlgorithm, KeyId: key.arn };
    },
    async Sign(input) {
      const key = keyFor(input, 'RSA_3072');
      const algorithm = requiredText(input, 'SigningAlgorithm');
      const sign = Object.hasOwn(signers, algorithm) ? signers[algorithm] : undefined;
      if (sign === undefined) throw unfit('SigningAlgorithm');
      const signature = sign(await keys.material(key), digestToSign(input));
      return { Signature: signature.toString('base64'), SigningAlgorithm: algorithm, KeyId: key.arn };
    },
    async GetPublicKey(input) {
      const key = keyOf(input);
      if (key.spec !== 'RSA_3072') {
        throw new ServiceError('UnsupportedOperationException', `${key.arn} has no public key.`);
      }
      const publicKey = createPublicKey(await keys.material(key)).export({ type: 'spki', format: 'der' });
      return {
        KeyId: key.arn,
        PublicKey: publicKey.toString('base64'),
        KeySpec: key.spec,
        CustomerMasterKeySpec: key.spec,
        KeyUsage: 'SIGN_VERIFY',
        SigningAlgorithms: Object.keys(signers),
      };
    },
  };
}

const unfit = (name: string) =>
  new ServiceError('InvalidKeyUsageException', `${name} is not compatible with the key, or not served here.`);

function bytes(input: Input, name: string): Buffer {
  const value = Buffer.from(requiredText(input, name), 'base64');
  if (value.length > 0 && value.length <= mostMessageBytes) return value;
  throw new ServiceError('ValidationException', `${name} must have 1 to ${mostMessageBytes} bytes.`);
}

function digestToSign(input: Input): Buffer {
  const message = bytes(input, 'Message');
  const type = input['MessageType'] ?? 'RAW';
  if (type === 'RAW') return createHash('sha256').update(message).digest();
  if (type === 'DIGEST' && message.length === sha256Bytes) return message;
  throw new ServiceError(
    'ValidationException',
    'Digest is of the wrong length, or MessageType is not served here.',
  );
}
