/** A function whose keys cannot be derived when it starts: it stays closed, and opens with the first request after. */
import { createHash } from 'node:crypto';
import type { Context, SQSEvent } from 'aws-lambda';
import { afterEach, expect, test, vi } from 'vitest';
import { readResponse } from '../../../infra/cli/windows/provider/response.ts';
import { apiEvent } from '../../bench/event.ts';
import { startTestAwsEmulator } from '../../infra/local/aws/fixtures/aws-emulator.ts';
import type { Json } from '../../stack.ts';
import { stubEnvironment } from '../../support/function-environment.ts';

afterEach(() => vi.unstubAllEnvs());

test.each(['error', 'throttle', 'timeout'] as const)('a KMS that answers with a %s', async (fault) => {
  const aws = await startTestAwsEmulator();
  stubEnvironment('verify-otp', aws);
  aws.faults.set('kms', fault, 10_000);
  vi.resetModules();
  const { handler } = await import('../../../functions/verify-otp/handler.ts');
  const verify = async (): Promise<Json> => {
    const route = 'POST /v1/otp-challenges/{challengeId}/verify';
    const event = apiEvent(route, '{"code":"000000"}', { challengeId: 'no-id-of-ours' });
    return handler(event as Json, {} as Context);
  };
  const mostTries = fault === 'timeout' ? 1 : 2; // each takes two seconds
  for (let tries = 1; tries <= mostTries; tries += 1) {
    const answer = await verify();
    expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1' } });
    expect(JSON.parse(answer.body).code).toBe('unavailable');
  }
  aws.faults.clear();
  expect(await verify()).toMatchObject({ statusCode: 410 });
  const asked = aws.requests.count('kms');
  await verify();
  expect(aws.requests.count('kms')).toBe(asked);
});

test.each(['error', 'throttle', 'timeout'] as const)(
  'a KMS that answers the door of logon screens with a %s: what the client can read, and nothing accepted',
  async (fault) => {
    const aws = await startTestAwsEmulator();
    stubEnvironment('windows', aws);
    const keys = [createHash('sha256').update('key').digest('hex')];
    vi.stubEnv('WINDOWS_GROUPS', JSON.stringify([{ name: 'office', mode: 'Hybrid', keys }]));
    aws.faults.set('kms', fault, 10_000);
    vi.resetModules();
    const { handler } = await import('../../../functions/windows/handler.ts');
    const type = async (pass: string, deploymentKey = 'key') => {
      const route = 'POST /windows/{deploymentKey}/validate/check';
      const event = apiEvent(route, `pass=${pass}&user=alice`, { deploymentKey });
      const answer: Json = await handler(event as Json, {} as Context);
      return { status: answer.statusCode, response: readResponse(answer.body) as Json };
    };
    for (const typed of fault === 'timeout' ? ['', '123456'] : ['', 'sms', '123456', '']) {
      const { status, response } = await type(typed);
      expect([status, response.error.code, response.value]).toEqual([503, 503, false]);
      expect(response.authentication).toBe(undefined);
    }
    expect((await type('', 'no-key')).status).toBe(404);
    aws.faults.clear();
    expect((await type('')).response).toMatchObject({ authentication: 'CHALLENGE', value: false });
    const asked = aws.requests.count('kms');
    await type('');
    expect(aws.requests.count('kms')).toBe(asked);
  },
);

test('a worker without keys gives its messages back in time, each by itself', async () => {
  const aws = await startTestAwsEmulator();
  stubEnvironment('deliver', aws);
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', aws.endpoint('sqs'));
  vi.stubEnv('NOTICE_QUEUE_URL', `${aws.endpoint('sqs')}/000000000000/work`);
  aws.faults.set('kms', 'error', 10_000);
  vi.resetModules();
  const { handler } = await import('../../../functions/deliver/handler.ts');
  const notice = { kind: 'notice', locator: 'A'.repeat(22), notice: 'N'.repeat(22) };
  for (const address of ['phone', 'email']) aws.queues.send('work', JSON.stringify({ ...notice, address }));
  const received = await aws.queues.receive('work', 2, AbortSignal.timeout(1_000));
  const Records = received.map(({ messageId, body, receiptHandle }) => ({
    messageId,
    body,
    receiptHandle,
    attributes: { ApproximateReceiveCount: '1' },
    eventSourceARN: 'arn:aws:sqs:eu-central-1:000000000000:work',
  }));
  expect(await handler({ Records } as unknown as SQSEvent)).toEqual({
    batchItemFailures: Records.map(({ messageId }) => ({ itemIdentifier: messageId })),
  });
  aws.advance(49);
  expect(aws.queues.counts('work')).toMatchObject({ visible: 0 });
  aws.advance(1);
  expect(aws.queues.counts('work')).toMatchObject({ visible: 2 });
});
