/** The emulator of KMS: MACs and signatures that real verifiers accept. */
import { constants, createHash, createPublicKey, verify } from 'node:crypto';
import {
  GenerateMacCommand,
  GetPublicKeyCommand,
  KMSClient,
  SignCommand,
  type SignCommandInput,
  VerifyMacCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { hmacKey, rsaKey, startTestAwsEmulator } from './fixtures/aws-emulator.ts';

const MacAlgorithm = 'HMAC_SHA_256';
const message = Buffer.from('what is signed');

async function start() {
  const aws = await startTestAwsEmulator();
  return new KMSClient(aws.client('kms'));
}

describe('an HMAC key', () => {
  it('makes the same MAC by id, ARN and alias, and verifies it', async () => {
    const kms = await start();
    const macs = await Promise.all(
      [hmacKey.id, hmacKey.arn, 'alias/pepper', hmacKey.arn.replace(/key\/.*/, 'alias/pepper')].map(
        async (KeyId) => {
          const { Mac, KeyId: arn } = await kms.send(
            new GenerateMacCommand({ KeyId, MacAlgorithm, Message: message }),
          );
          expect(arn).toBe(hmacKey.arn);
          return Buffer.from(Mac ?? []).toString('hex');
        },
      ),
    );
    expect(new Set(macs).size).toBe(1);
    const Mac = Buffer.from(macs[0] ?? '', 'hex');
    expect(Mac).toHaveLength(32);
    const check = (Message: Buffer) =>
      kms.send(new VerifyMacCommand({ KeyId: hmacKey.id, MacAlgorithm, Message, Mac }));
    expect(await check(message)).toMatchObject({ MacValid: true });
    await expect(check(Buffer.from('other'))).rejects.toMatchObject({ name: 'KMSInvalidMacException' });
  });

  it('signs nothing and has no public key', async () => {
    const kms = await start();
    const sign = kms.send(
      new SignCommand({ KeyId: hmacKey.id, Message: message, SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256' }),
    );
    await expect(sign).rejects.toMatchObject({ name: 'InvalidKeyUsageException' });
    const publicKey = kms.send(new GetPublicKeyCommand({ KeyId: hmacKey.id }));
    await expect(publicKey).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
  });
});

describe('an RSA key', () => {
  const signings = [
    ['RSASSA_PKCS1_V1_5_SHA_256', 'RAW', constants.RSA_PKCS1_PADDING],
    ['RSASSA_PKCS1_V1_5_SHA_256', 'DIGEST', constants.RSA_PKCS1_PADDING],
    ['RSASSA_PSS_SHA_256', 'RAW', constants.RSA_PKCS1_PSS_PADDING],
    ['RSASSA_PSS_SHA_256', 'DIGEST', constants.RSA_PKCS1_PSS_PADDING],
  ] as const;

  it('signs what its public key verifies, in every algorithm and for every type of message', async () => {
    const kms = await start();
    const answer = await kms.send(new GetPublicKeyCommand({ KeyId: rsaKey.id }));
    expect(answer).toMatchObject({ KeyId: rsaKey.arn, KeySpec: 'RSA_3072', KeyUsage: 'SIGN_VERIFY' });
    const der = Buffer.from(answer.PublicKey ?? []);
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    for (const [SigningAlgorithm, MessageType, padding] of signings) {
      const Message = MessageType === 'RAW' ? message : createHash('sha256').update(message).digest();
      const { Signature } = await kms.send(
        new SignCommand({ KeyId: rsaKey.arn, Message, MessageType, SigningAlgorithm }),
      );
      const options = { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
      expect(verify('sha256', message, options, Signature ?? Buffer.alloc(0))).toBe(true);
      expect(verify('sha256', Buffer.from('other'), options, Signature ?? Buffer.alloc(0))).toBe(false);
    }
  });

  it('is made once even when the first uses race', async () => {
    const kms = await start();
    const answers = await Promise.all(
      [1, 2, 3].map(() => kms.send(new GetPublicKeyCommand({ KeyId: rsaKey.id }))),
    );
    expect(new Set(answers.map(({ PublicKey }) => Buffer.from(PublicKey ?? []).toString('hex'))).size).toBe(
      1,
    );
  });

  it('makes no MAC', async () => {
    const kms = await start();
    const mac = kms.send(new GenerateMacCommand({ KeyId: rsaKey.id, MacAlgorithm, Message: message }));
    await expect(mac).rejects.toMatchObject({ name: 'InvalidKeyUsageException' });
  });

  it.each<[string, Partial<SignCommandInput>, string]>([
    ['a digest of the wrong length', { MessageType: 'DIGEST' }, 'ValidationException'],
    ['another algorithm', { SigningAlgorithm: 'ECDSA_SHA_256' }, 'InvalidKeyUsageException'],
    ['an unknown key', { KeyId: 'alias/nobody' }, 'NotFoundException'],
    ['a message beyond 4096 bytes', { Message: Buffer.alloc(4_097) }, 'ValidationException'],
  ])('refuses %s', async (_, changes, name) => {
    const kms = await start();
    const SigningAlgorithm = 'RSASSA_PKCS1_V1_5_SHA_256';
    const sign = new SignCommand({ KeyId: rsaKey.id, Message: message, SigningAlgorithm, ...changes });
    await expect(kms.send(sign)).rejects.toMatchObject({ name });
  });
});
