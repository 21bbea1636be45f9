/** The emulator of SQS: visibility, delays, dead letters and batches. */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { startTestAwsEmulator } from './fixtures/aws-emulator.ts';

async function start() {
  const aws = await startTestAwsEmulator();
  const sqs = new SQSClient(aws.client('sqs'));
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'work' }));
  return {
    aws,
    sqs,
    QueueUrl,
    send: (MessageBody: string, changes: object = {}) =>
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...changes })),
    receive: async (changes: object = {}) =>
      (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...changes })))
        .Messages ?? [],
  };
}

describe('a queue', () => {
  it('hands out a message, hides it for the visibility time-out, and forgets it once deleted', async () => {
    const { aws, sqs, QueueUrl, send, receive } = await start();
    expect(QueueUrl).toBe(`${aws.endpoint('sqs')}/000000000000/work`);
    await send('{"deliveryId":"ünï"}');
    const [message] = await receive({ MessageSystemAttributeNames: ['All'] });
    expect(message).toMatchObject({
      Body: '{"deliveryId":"ünï"}',
      Attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(Date.UTC(2030, 0, 1, 12)) },
    });
    aws.advance(59);
    expect(await receive()).toEqual([]);
    aws.advance(1);
    const [again] = await receive({ MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
    expect(again?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: again?.ReceiptHandle }));
    aws.advance(3_600);
    expect(await receive()).toEqual([]);
    expect(aws.queues.counts('work')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('keeps a message that is deleted by a handle from an earlier receive', async () => {
    const { aws, sqs, QueueUrl, send, receive } = await start();
    await send('slow');
    const [early] = await receive();
    aws.advance(60);
    await receive();
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: early?.ReceiptHandle }));
    expect(aws.queues.bodies('work')).toEqual(['slow']);
  });

  it('gives a message to one receiver only', async () => {
    const { send, receive } = await start();
    await Promise.all(Array.from({ length: 30 }, (_, index) => send(String(index))));
    const received = (await Promise.all(Array.from({ length: 10 }, () => receive()))).flat();
    expect(new Set(received.map(({ Body }) => Body)).size).toBe(30);
    expect(received).toHaveLength(30);
  });

  it('moves a message that came back too often to the dead-letter queue', async () => {
    const { aws, send, receive } = await start();
    await send('poison');
    for (let times = 0; times < 2; times++) {
      expect(await receive()).toHaveLength(1);
      aws.advance(60);
    }
    expect(await receive()).toEqual([]);
    expect(aws.queues.bodies('work')).toEqual([]);
    expect(aws.queues.bodies('dead')).toEqual(['poison']);
    const [dead] = await aws.queues.receive('dead', 10, AbortSignal.timeout(1_000));
    expect(dead?.attributes).toMatchObject({
      ApproximateReceiveCount: '1',
      DeadLetterQueueSourceArn: 'arn:aws:sqs:eu-central-1:000000000000:work',
    });
  });

  it('forgets a message after four days, notes it, and does not bury it', async () => {
    const { aws, send, receive } = await start();
    await send('old');
    aws.advance(4 * 86_400 - 1);
    expect(await receive({ VisibilityTimeout: 0 })).toMatchObject([{ Body: 'old' }]);
    aws.advance(1);
    expect(await receive()).toEqual([]);
    expect([...aws.queues.bodies('work'), ...aws.queues.bodies('dead')]).toEqual([]);
    expect(aws.queues.dropped('work')).toEqual(['old']);
  });

  it('holds a delayed message back', async () => {
    const { aws, send, receive } = await start();
    await send('later', { DelaySeconds: 30 });
    aws.advance(29);
    expect(await receive()).toEqual([]);
    expect(aws.queues.counts('work')).toEqual({ visible: 0, inFlight: 0, delayed: 1 });
    aws.advance(1);
    expect(await receive()).toMatchObject([{ Body: 'later' }]);
  });

  it('lets a message wait as long as it had to when the clock is set back', async () => {
    const { aws, send, receive } = await start();
    aws.advance(3_600);
    await send('later', { DelaySeconds: 30 });
    aws.advance(10);
    aws.advance(-3_610);
    aws.advance(19);
    expect(await receive()).toEqual([]);
    aws.advance(1);
    expect(await receive()).toMatchObject([{ Body: 'later' }]);
  });

  it('keeps a message for its whole retention when the clock is set back', async () => {
    const { aws, send, receive } = await start();
    aws.advance(4 * 86_400);
    await send('old');
    aws.advance(-4 * 86_400);
    aws.advance(4 * 86_400);
    expect(await receive()).toEqual([]);
    expect(aws.queues.dropped('work')).toEqual(['old']);
  });

  it('changes the visibility of a message in flight, and of no other', async () => {
    const { aws, sqs, QueueUrl, send, receive } = await start();
    await send('again');
    const [message] = await receive();
    const change = (VisibilityTimeout: number) =>
      sqs.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl,
          ReceiptHandle: message?.ReceiptHandle,
          VisibilityTimeout,
        }),
      );
    await change(5);
    aws.advance(4);
    expect(aws.queues.counts('work')).toMatchObject({ inFlight: 1 });
    aws.advance(1);
    await expect(change(5)).rejects.toMatchObject({ name: 'MessageNotInflight' });
    expect(await receive()).toHaveLength(1);
  });

  it('takes and deletes batches, each entry by itself', async () => {
    const { sqs, QueueUrl, receive } = await start();
    const Entries = [
      { Id: 'a', MessageBody: 'one' },
      { Id: 'b', MessageBody: 'two', DelaySeconds: 901 },
    ];
    const sent = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(sent.Successful).toMatchObject([{ Id: 'a' }]);
    expect(sent.Failed).toMatchObject([{ Id: 'b', Code: 'InvalidParameterValue', SenderFault: true }]);
    const [message] = await receive();
    const deleted = await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'right', ReceiptHandle: message?.ReceiptHandle },
          { Id: 'wrong', ReceiptHandle: 'nonsense' },
        ],
      }),
    );
    expect(deleted.Successful).toMatchObject([{ Id: 'right' }]);
    expect(deleted.Failed).toMatchObject([{ Id: 'wrong', Code: 'ReceiptHandleIsInvalid' }]);
    const twice = { Id: 'a', MessageBody: 'x' };
    await expect(
      sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [twice, twice] })),
    ).rejects.toMatchObject({ name: 'BatchEntryIdsNotDistinct' });
  });

  it.each([
    ['a list of nothing', '[null]'],
    ['an object', '{}'],
    ['a text', '"abc"'],
  ])('refuses a batch whose entries are %s', async (_, entries) => {
    const { aws, QueueUrl } = await start();
    const answer = await fetch(aws.endpoint('sqs'), {
      method: 'POST',
      headers: {
        authorization:
          'AWS4-HMAC-SHA256 Credential=a/20300101/r/sqs/aws4_request, SignedHeaders=host, Signature=0',
        'x-amz-target': 'AmazonSQS.SendMessageBatch',
      },
      body: `{"QueueUrl":${JSON.stringify(QueueUrl)},"Entries":${entries}}`,
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('SerializationException');
  });

  it('tells its attributes', async () => {
    const { sqs, QueueUrl, send, receive } = await start();
    await Promise.all([send('a'), send('b'), send('c', { DelaySeconds: 9 })]);
    await receive({ MaxNumberOfMessages: 1 });
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    expect(Attributes).toEqual({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
      VisibilityTimeout: '60',
      DelaySeconds: '0',
      QueueArn: 'arn:aws:sqs:eu-central-1:000000000000:work',
      RedrivePolicy:
        '{"deadLetterTargetArn":"arn:aws:sqs:eu-central-1:000000000000:dead","maxReceiveCount":2}',
    });
  });

  it('refuses a queue that does not exist, and attributes that it would lose', async () => {
    const { sqs, send } = await start();
    const nowhere = { QueueUrl: 'http://127.0.0.1/000000000000/other', MessageBody: 'x' };
    await expect(sqs.send(new SendMessageCommand(nowhere))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
    const MessageAttributes = { a: { DataType: 'String', StringValue: 'b' } };
    await expect(send('x', { MessageAttributes })).rejects.toMatchObject({ name: 'UnsupportedOperation' });
  });
});

describe('a waiting receiver', () => {
  it('gets a message as soon as it is sent', async () => {
    const { send, receive } = await start();
    const waiting = receive({ WaitTimeSeconds: 5 });
    await send('soon');
    expect(await waiting).toMatchObject([{ Body: 'soon' }]);
  });

  it('gets a message as soon as the clock makes it visible', async () => {
    const { aws, send } = await start();
    await send('later', { DelaySeconds: 600 });
    // Shorter than the second after which a receiver looks again by itself.
    const waiting = aws.queues.receive('work', 1, AbortSignal.timeout(500));
    aws.advance(600);
    expect(await waiting).toMatchObject([{ body: 'later' }]);
  });

  it('goes away empty-handed when it is told to stop', async () => {
    const { aws } = await start();
    const stop = new AbortController();
    const waiting = aws.queues.receive('work', 1, stop.signal);
    stop.abort();
    expect(await waiting).toEqual([]);
  });

  it('takes nothing with it when its connection ends', async () => {
    const { aws, sqs, QueueUrl } = await start();
    const gone = new AbortController();
    const waiting = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }), {
      abortSignal: gone.signal,
    });
    await expect.poll(() => aws.requests.count('sqs', 'ReceiveMessage')).toBe(1);
    gone.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await new Promise((resolve) => setTimeout(resolve, 50)); // until the server has seen it
    aws.queues.send('work', 'kept');
    await new Promise((resolve) => setTimeout(resolve, 20)); // a receiver that still waited would take it now
    expect(aws.queues.counts('work')).toMatchObject({ visible: 1, inFlight: 0 });
  });
});
