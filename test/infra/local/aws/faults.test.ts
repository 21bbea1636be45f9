/** Faults on demand, as the SDK's clients meet them at each service. */
import { request } from 'node:http';
import { ConnectClient, StartOutboundVoiceContactCommand } from '@aws-sdk/client-connect';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses';
import { PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { describe, expect, it } from 'vitest';
import { hmacKey, startTestAwsEmulator, type TestAwsEmulator } from './fixtures/aws-emulator.ts';

const phone = '+12025550123';
const sms = new PublishCommand({ PhoneNumber: phone, Message: 'hello' });
const email = (to: string) =>
  new SendEmailCommand({
    Source: 'no-reply@example.com',
    Destination: { ToAddresses: [to] },
    Message: { Subject: { Data: 's' }, Body: { Text: { Data: 't' } } },
  });
const call = new StartOutboundVoiceContactCommand({
  DestinationPhoneNumber: phone,
  ContactFlowId: 'flow',
  InstanceId: 'instance',
  QueueId: 'queue',
});

/** One request that succeeds (or, of DynamoDB, is judged by the engine) to each service. */
const requests = {
  sns: (aws: TestAwsEmulator, changes?: object) => new SNSClient(aws.client('sns', changes)).send(sms),
  ses: (aws: TestAwsEmulator, changes?: object) =>
    new SESClient(aws.client('ses', changes)).send(email('a@example.com')),
  connect: (aws: TestAwsEmulator, changes?: object) =>
    new ConnectClient(aws.client('connect', changes)).send(call),
  sqs: (aws: TestAwsEmulator, changes?: object) =>
    new SQSClient(aws.client('sqs', changes)).send(new GetQueueUrlCommand({ QueueName: 'work' })),
  kms: (aws: TestAwsEmulator, changes?: object) =>
    new KMSClient(aws.client('kms', changes)).send(
      new GenerateMacCommand({ KeyId: hmacKey.id, MacAlgorithm: 'HMAC_SHA_256', Message: Buffer.from('m') }),
    ),
  dynamodb: (aws: TestAwsEmulator, changes?: object) =>
    new DynamoDBClient(aws.client('dynamodb', changes))
      .send(new GetItemCommand({ TableName: 'none', Key: { pk: { S: 'a' } } }))
      .catch((error: Error) => {
        if (error.name !== 'ResourceNotFoundException') throw error;
      }),
};

/** A client's handler that breaks its request off; not by a clock, since a busy machine may take longer to be reached. */
function givingUpWhen(isReached: () => boolean) {
  const handler = new NodeHttpHandler();
  const handle: NodeHttpHandler['handle'] = async (asked) => {
    const end = new AbortController();
    const answer = handler.handle(asked, { abortSignal: end.signal });
    const giveUp = expect
      .poll(isReached, { interval: 5 })
      .toBe(true)
      .then(() => end.abort());
    const [given] = await Promise.all([answer, giveUp]);
    return given;
  };
  return { handle };
}

const services = Object.keys(requests) as (keyof typeof requests)[];

describe.each(services)('a fault of %s', (service) => {
  it('throttles as the service does, so that the client tries again until it passes', async () => {
    const aws = await startTestAwsEmulator();
    aws.faults.set(service, 'throttle', 1);
    await requests[service](aws, { maxAttempts: 2 });
    expect(aws.requests.count(service)).toBe(2);
    aws.faults.set(service, 'throttle', 1);
    const error = await Promise.resolve(requests[service](aws)).catch((reason: Error) => reason);
    expect(error).toMatchObject({ name: expect.stringMatching(/Thrott|TooManyRequests/) });
  });

  it('answers 500 as often as ordered, retries counted, and then no more', async () => {
    const aws = await startTestAwsEmulator();
    aws.faults.set(service, 'error', 3);
    const failing = Promise.resolve(requests[service](aws, { maxAttempts: 2 }));
    await expect(failing).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
    await requests[service](aws, { maxAttempts: 2 });
    expect(aws.requests.count(service)).toBe(4);
  });

  it('times out for the client that was unlucky, and for nobody after it', async () => {
    const aws = await startTestAwsEmulator();
    aws.faults.set(service, 'timeout', 1);
    const requestHandler = givingUpWhen(() => aws.requests.count(service) === 1);
    const unlucky = Promise.resolve(requests[service](aws, { requestHandler, maxAttempts: 1 }));
    await expect(unlucky).rejects.toMatchObject({ name: 'AbortError' });
    await requests[service](aws);
  });

  it('is cleared by a count of 0', async () => {
    const aws = await startTestAwsEmulator();
    aws.faults.set(service, 'error', 5);
    aws.faults.set(service, 'error', 0);
    await requests[service](aws);
    expect(aws.requests.count(service)).toBe(1);
  });
});

describe('a fault that is aimed', () => {
  it('lets the requests before it pass, and those for another operation', async () => {
    const aws = await startTestAwsEmulator();
    const sqs = new SQSClient(aws.client('sqs'));
    const url = await sqs.send(new GetQueueUrlCommand({ QueueName: 'work' }));
    const send = () => sqs.send(new SendMessageCommand({ QueueUrl: url.QueueUrl, MessageBody: 'm' }));
    aws.faults.set('sqs', 'error', 1, { operation: 'SendMessage', after: 1 });
    await sqs.send(new GetQueueUrlCommand({ QueueName: 'work' }));
    await send();
    await sqs.send(new GetQueueUrlCommand({ QueueName: 'work' }));
    await expect(send()).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
    await send();
    expect(aws.queues.counts('work').visible).toBe(2);
  });
});

describe('a lost reply', () => {
  it('lets the request take effect, twice when the client tries again', async () => {
    const aws = await startTestAwsEmulator();
    aws.faults.set('sns', 'lost-reply', 1);
    await requests.sns(aws, { maxAttempts: 2 });
    expect(aws.outbox.list()).toHaveLength(2);
  });
});

describe('a held request', () => {
  it('is dropped when its fault is cleared', async () => {
    const aws = await startTestAwsEmulator();
    aws.faults.set('sns', 'timeout', 1);
    const held = requests.sns(aws);
    held.catch(() => {});
    await expect.poll(() => aws.requests.count('sns')).toBe(1);
    aws.faults.set('sns', 'timeout', 0);
    await expect(held).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(aws.outbox.list()).toEqual([]);
  });

  it('does not keep the emulator from closing', async () => {
    const aws = await startTestAwsEmulator();
    aws.faults.set('dynamodb', 'timeout', 1);
    const held = requests.dynamodb(aws);
    held.catch(() => {});
    await expect.poll(() => aws.requests.count('dynamodb')).toBe(1);
    const before = performance.now();
    await aws.close();
    expect(performance.now() - before).toBeLessThan(1_500); // the time that requests which do get an answer have is 2 s
    await expect(held).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('a refused destination', () => {
  it('gets the provider’s own error, and others get their message', async () => {
    const aws = await startTestAwsEmulator();
    aws.faults.reject({ service: 'sns', destination: phone, error: 'InvalidParameter' });
    aws.faults.reject({ service: 'ses', destination: 'a@example.com', error: 'MessageRejected' });
    const error = 'DestinationNotAllowedException';
    aws.faults.reject({ service: 'connect', destination: phone, error, status: 403 });
    await expect(requests.sns(aws)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(requests.ses(aws)).rejects.toMatchObject({ name: 'MessageRejected' });
    await expect(requests.connect(aws)).rejects.toMatchObject({ name: 'DestinationNotAllowedException' });
    await new SESClient(aws.client('ses')).send(email('b@example.com'));
    await aws.callsPlayed();
    expect(aws.outbox.list().map(({ to }) => to)).toEqual(['b@example.com']);
    aws.faults.clear();
    await requests.sns(aws);
    expect(aws.outbox.list()).toHaveLength(2);
  });
});

describe('a request that the emulator does not serve', () => {
  it('is refused by name, in the service’s own form', async () => {
    const aws = await startTestAwsEmulator();
    const subscribe = new SubscribeCommand({
      TopicArn: 'arn:aws:sns:eu-central-1:000000000000:t',
      Protocol: 'sms',
    });
    await expect(new SNSClient(aws.client('sns')).send(subscribe)).rejects.toMatchObject({
      name: 'InvalidAction',
      message: expect.stringContaining('Subscribe'),
    });
    const createQueue = new SQSClient(aws.client('sqs')).send(new CreateQueueCommand({ QueueName: 'new' }));
    await expect(createQueue).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining('CreateQueue'),
    });
    const elsewhere = await fetch(`${aws.endpoint('sns')}/somewhere`);
    expect(elsewhere.status).toBe(404);
    expect(await elsewhere.text()).toContain('GET /somewhere');
  });

  it.each([
    ['has no signature', undefined],
    ['has something else for a signature', 'Bearer token'],
    [
      'is signed for another service',
      'AWS4-HMAC-SHA256 Credential=a/20300101/r/kms/aws4_request, SignedHeaders=host, Signature=0',
    ],
  ])('is refused when it %s', async (_, authorization) => {
    const aws = await startTestAwsEmulator();
    const headers = authorization === undefined ? {} : { authorization };
    const target = {
      ...headers,
      'x-amz-target': 'DynamoDB_20120810.ListTables',
      'content-type': 'application/x-amz-json-1.0',
    };
    const table = await fetch(aws.endpoint('dynamodb'), { method: 'POST', headers: target, body: '{}' });
    expect(table.status).toBe(403);
    const form = new URLSearchParams({
      Version: '2010-03-31',
      Action: 'Publish',
      PhoneNumber: phone,
      Message: 'm',
    });
    const publish = await fetch(aws.endpoint('sns'), { method: 'POST', headers, body: form });
    expect(publish.status).toBe(403);
    expect(aws.outbox.list()).toEqual([]);
  });

  it.each([
    ['another host name', { host: 'rebound.example.com' }],
    ['the page of another site', { origin: 'https://attacker.example.com' }],
  ])('is refused under %s, whatever its signature', async (_, elsewhere) => {
    const aws = await startTestAwsEmulator();
    const authorization = (service: string) =>
      `AWS4-HMAC-SHA256 Credential=a/20300101/r/${service}/aws4_request, SignedHeaders=host, Signature=0`;
    const status = (service: 'sqs' | 'dynamodb', target: string, more: Record<string, string>) =>
      new Promise<number | undefined>((resolve, reject) => {
        const headers = {
          authorization: authorization(service),
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-date': '20300101T000000Z',
          'x-amz-target': target,
          ...more,
        };
        const outgoing = request(aws.endpoint(service), { method: 'POST', headers }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        outgoing.on('error', reject);
        outgoing.end(service === 'sqs' ? '{"QueueName":"work"}' : '{}');
      });
    for (const [service, target] of [
      ['sqs', 'AmazonSQS.GetQueueUrl'],
      ['dynamodb', 'DynamoDB_20120810.ListTables'],
    ] as const) {
      expect(await status(service, target, {})).toBe(200);
      expect(await status(service, target, elsewhere)).toBe(403);
    }
    expect(aws.requests.all()).toEqual({ sqs: { GetQueueUrl: 1 }, dynamodb: { ListTables: 1 } });
  });

  it('is told apart from one whose body is no JSON', async () => {
    const aws = await startTestAwsEmulator();
    const authorization =
      'AWS4-HMAC-SHA256 Credential=a/20300101/r/sqs/aws4_request, SignedHeaders=host, Signature=0';
    const headers = { authorization, 'x-amz-target': 'AmazonSQS.SendMessage' };
    for (const body of ['{', '[]', 'null']) {
      const answer = await fetch(aws.endpoint('sqs'), { method: 'POST', headers, body });
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain('SerializationException');
    }
  });
});
