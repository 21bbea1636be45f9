/** What the emulator keeps on disk, and who may work with its folder. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConnectClient, StartOutboundVoiceContactCommand } from '@aws-sdk/client-connect';
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GenerateMacCommand, GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { beforeEach, describe, expect, it } from 'vitest';
import { untilThere } from '../../../support/table.ts';
import {
  hmacKey,
  rsaKey,
  startTestAwsEmulator,
  type TestAwsEmulator,
  temporaryDirectory,
} from './fixtures/aws-emulator.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = temporaryDirectory();
});

const keysOf = async (aws: TestAwsEmulator) => {
  const kms = new KMSClient(aws.client('kms'));
  const Message = Buffer.from('m');
  const { Mac } = await kms.send(
    new GenerateMacCommand({ KeyId: hmacKey.id, MacAlgorithm: 'HMAC_SHA_256', Message }),
  );
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: rsaKey.id }));
  return [Mac, PublicKey].map((bytes) => Buffer.from(bytes ?? []).toString('hex'));
};

describe('after a restart', () => {
  it('keys, queues, outbox, client tokens and tables are as they were', async () => {
    const first = await startTestAwsEmulator({ dataDir });
    const keys = await keysOf(first);
    await new SNSClient(first.client('sns')).send(
      new PublishCommand({ PhoneNumber: '+12025550123', Message: 'm' }),
    );
    const call = new StartOutboundVoiceContactCommand({
      DestinationPhoneNumber: '+12025550123',
      ContactFlowId: 'flow',
      InstanceId: 'instance',
      QueueId: 'queue',
      ClientToken: 'token',
    });
    const { ContactId } = await new ConnectClient(first.client('connect')).send(call);
    first.queues.send('work', 'in flight');
    await first.queues.receive('work', 1, AbortSignal.timeout(1_000));
    first.queues.send('work', 'waiting');
    const table = new DynamoDBClient(first.client('dynamodb'));
    await table.send(
      new CreateTableCommand({
        TableName: 'table',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    await untilThere(table, 'table');
    await table.send(
      new PutItemCommand({ TableName: 'table', Item: { pk: { S: 'a' }, kept: { BOOL: true } } }),
    );
    await first.callsPlayed();
    const outbox = first.outbox.sent();
    await first.close();

    const second = await startTestAwsEmulator({ dataDir });
    expect(second.outbox.sent()).toEqual(outbox);
    expect(outbox).toHaveLength(2);
    expect(await keysOf(second)).toEqual(keys);
    expect(second.queues.counts('work')).toEqual({ visible: 1, inFlight: 1, delayed: 0 });
    second.advance(60);
    const messages = await second.queues.receive('work', 10, AbortSignal.timeout(1_000));
    expect(messages.map(({ body, attributes }) => [body, attributes['ApproximateReceiveCount']])).toEqual([
      ['in flight', '2'],
      ['waiting', '1'],
    ]);
    expect((await new ConnectClient(second.client('connect')).send(call)).ContactId).toBe(ContactId);
    const item = new GetItemCommand({ TableName: 'table', Key: { pk: { S: 'a' } } });
    const { Item } = await new DynamoDBClient(second.client('dynamodb')).send(item);
    expect(Item?.['kept']).toEqual({ BOOL: true });
  });

  it('keys are there even when the process ended without closing', async () => {
    const first = await startTestAwsEmulator({ dataDir });
    const keys = await keysOf(first);
    const saved = readFileSync(join(dataDir, 'keys.json'));
    const elsewhere = temporaryDirectory();
    writeFileSync(join(elsewhere, 'keys.json'), saved);
    const second = await startTestAwsEmulator({ dataDir: elsewhere });
    expect(await keysOf(second)).toEqual(keys);
  });

  it('a damaged file is named instead of being overwritten', async () => {
    writeFileSync(join(dataDir, 'queues.json'), '{"work": [');
    await expect(startTestAwsEmulator({ dataDir })).rejects.toThrow('queues.json cannot be read');
    expect(readFileSync(join(dataDir, 'queues.json'), 'utf8')).toBe('{"work": [');
  });
});

describe('the data directory', () => {
  it('serves one emulator at a time', async () => {
    const first = await startTestAwsEmulator({ dataDir });
    await expect(startTestAwsEmulator({ dataDir })).rejects.toThrow('in use by another process');
    await first.close();
    await startTestAwsEmulator({ dataDir });
  });

  it('is for its owner only and holds no half-written file', async () => {
    const aws = await startTestAwsEmulator({ dataDir });
    await keysOf(aws);
    for (let count = 0; count < 50; count++) aws.queues.send('work', String(count));
    await aws.flush();
    const files = readdirSync(dataDir).filter((name) => name.includes('.json'));
    expect(files.sort()).toEqual(['keys.json', 'queues.json']);
    for (const name of files) expect(statSync(join(dataDir, name)).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'dynamodb')).mode & 0o777).toBe(0o700);
    expect(JSON.parse(readFileSync(join(dataDir, 'queues.json'), 'utf8')).work).toHaveLength(50);
  });
});
