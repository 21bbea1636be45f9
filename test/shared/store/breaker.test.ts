/** The switch of a country's breaker: who threw it knows so, and nobody else thinks that they did. */
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { beforeEach, expect, test } from 'vitest';
import type { BreakerStore } from '../../../shared/domain/limits/circuit-breaker.ts';
import { breakerStore } from '../../../shared/store/breaker.ts';
import { startTestAwsEmulator, type TestAwsEmulator } from '../../infra/local/aws/fixtures/aws-emulator.ts';
import { untilThere } from '../../support/table.ts';

const now = Date.UTC(2030, 0, 1);
const until = now + 3_600_000;

let aws: TestAwsEmulator;
let breaker: BreakerStore;
beforeEach(async () => {
  aws = await startTestAwsEmulator();
  const client = new DynamoDBClient(aws.client('dynamodb', { maxAttempts: 2 }));
  const keys = ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const }));
  await client.send(
    new CreateTableCommand({
      TableName: 'table',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: keys,
    }),
  );
  await untilThere(client, 'table');
  breaker = breakerStore({ client, name: 'table' });
});

test('one throws it, also of many at the same moment, and it goes on to the next stage only', async () => {
  const throws = await Promise.all(Array.from({ length: 5 }, () => breaker.trip('DE', 'email', now, until)));
  expect(throws.filter(Boolean)).toHaveLength(1);
  expect(await breaker.trip('DE', 'stopped', now + 1, until + 1)).toBe(true);
  expect(await breaker.trip('DE', 'email', now + 2, until + 2)).toBe(false);
  expect(await breaker.stage('DE', now + 3)).toBe('stopped');
});

test('who threw it and had no reply knows it from the repetition', async () => {
  aws.faults.set('dynamodb', 'lost-reply', 1);
  expect(await breaker.trip('DE', 'email', now, until)).toBe(true);
  expect(await breaker.trip('DE', 'email', now, until)).toBe(false);
});
