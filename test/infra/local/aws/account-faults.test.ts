/** What the state of an AWS account refuses, and what the product's own carriers and clients make of it. */
import { ConnectClient } from '@aws-sdk/client-connect';
import { SESClient } from '@aws-sdk/client-ses';
import { SNSClient } from '@aws-sdk/client-sns';
import { afterEach, expect, it, vi } from 'vitest';
import { accountFaultsOf } from '../../../../infra/local/aws/account-faults.ts';
import type { FaultKind } from '../../../../infra/local/aws/faults.ts';
import { deriveKeyring, kmsClient } from '../../../../shared/aws/kms.ts';
import { timeBudgets } from '../../../../shared/aws/time-budgets.ts';
import { placeCall } from '../../../../shared/carriers/connect.ts';
import { sendEmail } from '../../../../shared/carriers/ses.ts';
import { sendSms } from '../../../../shared/carriers/sns.ts';
import { transient } from '../../../../shared/domain/faults.ts';
import { hmacKey, startTestAwsEmulator, type TestAwsEmulator } from './fixtures/aws-emulator.ts';

const phone = '+12025550123';
const email = { subject: 's', text: 't', html: '<p>h</p>' };
const call = { instanceId: 'instance', flowId: 'flow', queueId: 'queue' };

const send = {
  sns: (aws: TestAwsEmulator) =>
    sendSms(new SNSClient(aws.client('sns')), { maxPriceUsd: '0.20' }, phone, 'm'),
  ses: (aws: TestAwsEmulator, to = 'a@example.com') =>
    sendEmail(new SESClient(aws.client('ses')), { from: 'codes@example.com' }, to, email),
  connect: (aws: TestAwsEmulator) =>
    placeCall(new ConnectClient(aws.client('connect')), call, phone, 'delivery'),
};
type Carrier = keyof typeof send;

const refusals: readonly [Carrier, FaultKind, string, 'passing' | 'final'][] = [
  ['ses', 'sandbox', 'permanent', 'final'],
  ['ses', 'recipient-not-authorized', 'permanent', 'final'],
  ['ses', 'account-paused', 'spend-limit', 'final'],
  ['ses', 'account-under-review', 'account-refused', 'final'],
  ['ses', 'sender-not-verified', 'permanent', 'final'],
  ['ses', 'rate-exceeded', 'throttled', 'passing'],
  ['ses', 'daily-quota', 'spend-limit', 'final'],
  ['sns', 'opted-out', 'opted-out', 'final'],
  ['sns', 'access-denied', 'account-refused', 'final'],
  ['sns', 'rate-exceeded', 'throttled', 'passing'],
  ['connect', 'quota', 'throttled', 'passing'],
  ['connect', 'destination-not-allowed', 'destination-not-allowed', 'final'],
  ['connect', 'outbound-not-permitted', 'account-refused', 'final'],
  ['connect', 'instance-not-found', 'account-refused', 'final'],
  ['connect', 'access-denied', 'account-refused', 'final'],
];
const dropping: readonly FaultKind[] = ['accept-and-drop', 'spend-limit', 'over-price'];

afterEach(() => {
  vi.unstubAllEnvs();
});

it.each(refusals)('%s refuses by %s: %s, which is %s', async (service, fault, reason, kind) => {
  const aws = await startTestAwsEmulator();
  aws.faults.set(service, fault, 1);
  expect(await send[service](aws)).toEqual({ kind: 'refused', reason });
  expect(transient.some((each) => each === reason)).toBe(kind === 'passing');
  await aws.callsPlayed();
  expect(aws.outbox.list()).toEqual([]);
  expect(await send[service](aws)).toMatchObject({ kind: 'accepted' });
});

it.each(dropping)('SNS says yes and sends nothing by %s', async (fault) => {
  const aws = await startTestAwsEmulator();
  aws.faults.set('sns', fault, 1);
  expect(await send.sns(aws)).toMatchObject({ kind: 'accepted' });
  expect(aws.outbox.list()).toEqual([]);
  await send.sns(aws);
  expect(aws.outbox.list()).toHaveLength(1);
});

it('SES in the sandbox sends to verified addresses and domains alone', async () => {
  const aws = await startTestAwsEmulator();
  aws.faults.set('ses', 'sandbox', 10, { verified: ['Known@example.com', 'example.org'] });
  const refused = { kind: 'refused', reason: 'permanent' };
  expect(await send.ses(aws, 'known@example.com')).toEqual({ kind: 'accepted' });
  expect(await send.ses(aws, 'anyone@example.org')).toEqual({ kind: 'accepted' });
  for (const to of ['a@example.com', 'a@notexample.org', 'a@example.org.example.net'])
    expect(await send.ses(aws, to)).toEqual(refused);
  expect(aws.outbox.list().map(({ to }) => to)).toEqual(['anyone@example.org', 'known@example.com']);
});

it.each([
  ['key-disabled', 'DisabledException', 1],
  ['key-pending-deletion', 'KMSInvalidStateException', 1],
  ['access-denied', 'AccessDeniedException', 1],
  ['rate-exceeded', 'ThrottlingException', timeBudgets.kms.tries],
] as const)(
  'KMS refuses by %s, which is asked again only where that can help',
  async (fault, name, tries) => {
    const aws = await startTestAwsEmulator({ now: Date.now }); // beside another clock the SDK repeats everything
    vi.stubEnv('AWS_ENDPOINT_URL_KMS', aws.endpoint('kms'));
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
    aws.faults.set('kms', fault, 10);
    const kms = kmsClient();
    await expect(deriveKeyring(kms, new Map([[1, hmacKey.id]]))).rejects.toMatchObject({ name });
    expect(aws.requests.count('kms')).toBe(tries);
  },
);

it('knows each of these faults, and no other', () => {
  const known = ['ses', 'sns', 'connect'].flatMap((service) =>
    accountFaultsOf(service).map(({ name }) => `${service} ${name}`),
  );
  const tested = [
    ...refusals.map(([service, fault]) => `${service} ${fault}`),
    ...dropping.map((fault) => `sns ${fault}`),
  ];
  expect(tested.toSorted()).toEqual(known.toSorted());
});
