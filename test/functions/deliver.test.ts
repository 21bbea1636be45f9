/** deliver, as its queues call it: what it logs when it cannot finish. */
import type { Context, SQSEvent } from 'aws-lambda';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { newChallengeId, slotOf } from '../../shared/domain/identifiers/challenge-id.ts';
import { challengeKeyOf } from '../../shared/domain/user-record/challenge.ts';
import { startTestAwsEmulator } from '../infra/local/aws/fixtures/aws-emulator.ts';
import { stubEnvironment } from '../support/function-environment.ts';
import { someKey } from '../support/person.ts';

const aws = await startTestAwsEmulator();
stubEnvironment('deliver', aws);
vi.stubEnv('AWS_ENDPOINT_URL_SQS', aws.endpoint('sqs'));
const { handler } = await import('../../functions/deliver/handler.ts');
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => {
  vi.unstubAllEnvs();
});

test('a message that met a fault is logged with the service and the name of its error, and is offered again', async () => {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  aws.faults.set('kms', 'lost-reply', 9);
  const of = { purpose: 'sign-in', slot: slotOf({}) } as const;
  const challengeId = newChallengeId({ ...of, kind: 'otp', locator: someKey('alice') });
  const message = { kind: 'otp', challengeId, challengeKey: challengeKeyOf('web', of), sequence: 1 };
  const records = [
    { messageId: 'a', body: JSON.stringify(message) },
    { messageId: 'b', body: '{' },
  ];
  const Records = records.map((record) => ({ ...record, eventSourceARN: 'work', attributes: {} }));
  const { batchItemFailures } = await handler(
    { Records } as unknown as SQSEvent,
    { awsRequestId: 'lambda' } as Context,
  );
  const lines = written.mock.calls.map(([line]) => JSON.parse(String(line)));
  expect(lines.map(({ requestId }) => requestId)).toEqual(['lambda', 'lambda']);
  expect(lines.map(({ kind, fault }) => [kind, fault]).toSorted()).toEqual([
    ['otp', 'kms TimeoutError'],
    ['unreadable', 'SyntaxError'],
  ]);
  expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['a', 'b']);
});
