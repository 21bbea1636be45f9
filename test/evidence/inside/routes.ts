/** What the second door of the measured stack answers: raw items, queue bodies, provider attributes, restarts. */
import { ask } from '../../../infra/local/aws/ask.ts';
import type { SentMessage } from '../../../infra/local/aws/outbox.ts';
import type { LocalParts } from '../../../infra/local/stack.ts';

/** An item as DynamoDB gives it: attribute values with their types, binary ones in base64. */
export type RawItem = Record<string, Record<string, unknown>>;

export interface QueueState {
  readonly name: string;
  /** Bodies that are in it now. */
  readonly bodies: readonly string[];
  /** Bodies that it gave up for their age. */
  readonly dropped: readonly string[];
  readonly isDeadLetter: boolean;
}

export interface InsideAnswers {
  readonly '/table': readonly RawItem[];
  readonly '/queues': readonly QueueState[];
  /** Every body that was ever put on any queue, in order. */
  readonly '/queued': readonly string[];
  /** Everything that carriers took, oldest first, with the attributes that went along. */
  readonly '/sent': readonly SentMessage[];
  /** Ends every function instance in whatever it is doing; the next invocation starts a new one. */
  readonly '/kill': null;
  /** Once no queue holds a message for a person, but notices that wait for room; false after 20 seconds. */
  readonly '/settled': boolean;
  /** The same, but false as soon as no function is at work: what is hidden or delayed waits for the clock. */
  readonly '/settled-soon': boolean;
  /** The pepper's MAC that working keys are derived from, base64: with it the audit can tell right guesses. */
  readonly '/master': string;
  /** Epoch milliseconds of the moved clock. */
  readonly '/now': number;
  /** How far that is before the real one, in milliseconds. */
  readonly '/ahead': number;
  /** Removes every item and dead letter, and forgets what was queued; nothing may be under way. */
  readonly '/empty': null;
}

/** Of DynamoDB. */
const mostInBatch = 25;

/** A ceiling stopped this notice: it comes back every quarter of an hour until there is room. */
const isHeld = (body: string): boolean => body.includes('"held":true');
/** Two minutes after a message, whether its code was used is counted: nobody waits for that. */
const isForLater = (body: string): boolean => body.includes('"kind":"outcome"') || isHeld(body);

type Routes = Readonly<Record<string, () => Promise<unknown>>>;

export function createInside({ aws, functions, clock, template }: LocalParts): Routes {
  const queued: string[] = [];
  const send = aws.queues.send;
  aws.queues.send = (name, body, delaySeconds) => {
    queued.push(body);
    return send(name, body, delaySeconds);
  };

  const queues = template.ofType('AWS::SQS::Queue').map(([id, { Properties }]) => ({
    name: template.names(id)['QueueName'] ?? '',
    isDeadLetter: Properties['RedrivePolicy'] === undefined,
  }));
  const working = queues.filter(({ isDeadLetter }) => !isDeadLetter);
  const [[tableId] = ['']] = template.ofType('AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table');
  const TableName = template.names(tableId)['Ref'];

  const scan = async (): Promise<RawItem[]> => {
    const items: RawItem[] = [];
    let ExclusiveStartKey: unknown;
    do {
      const input = { TableName, ConsistentRead: true, ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}) };
      const { ok, text } = await ask(
        aws.endpoint('dynamodb'),
        'dynamodb',
        '1.0',
        'DynamoDB_20120810.Scan',
        input,
      );
      if (!ok) throw new Error(`the scan answered ${text}`);
      const page = JSON.parse(text) as { Items: RawItem[]; LastEvaluatedKey?: unknown };
      items.push(...page.Items);
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    return items;
  };

  const removeItems = async (): Promise<void> => {
    const keys = (await scan()).map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } }));
    for (let first = 0; first < keys.length; first += mostInBatch) {
      const RequestItems = { [TableName ?? '']: keys.slice(first, first + mostInBatch) };
      const { ok, text } = await ask(
        aws.endpoint('dynamodb'),
        'dynamodb',
        '1.0',
        'DynamoDB_20120810.BatchWriteItem',
        { RequestItems },
      );
      if (!ok) throw new Error(`the removal answered ${text}`);
    }
  };

  const removeLetters = async (): Promise<void> => {
    for (const { name, isDeadLetter } of queues) {
      while (isDeadLetter && aws.queues.counts(name).visible > 0)
        for (const { receiptHandle } of await aws.queues.receive(name, 10, AbortSignal.timeout(1_000)))
          aws.queues.remove(name, receiptHandle);
    }
  };

  const isIdle = () =>
    functions.running() === 0 && working.every(({ name }) => aws.queues.counts(name).visible === 0);

  /** @param mostIdle how many looks in a row may find that nobody is at work, two milliseconds apart */
  const settled = async (mostIdle: number): Promise<boolean> => {
    let idle = 0;
    for (const deadline = Date.now() + 20_000; Date.now() < deadline && idle < mostIdle; ) {
      const bodies = working.flatMap(({ name }) => aws.queues.bodies(name));
      if (bodies.every(isForLater) && (!bodies.some(isHeld) || isIdle())) return true;
      await new Promise((resolve) => setTimeout(resolve, 2));
      idle = isIdle() ? idle + 1 : 0;
    }
    return false;
  };

  const master = async (): Promise<string> => {
    const [[keyId] = ['']] = template
      .ofType('AWS::KMS::Key')
      .filter(([, { Properties }]) => Properties['KeySpec'] === 'HMAC_256');
    const Message = Buffer.from('mfa-fallback working keys v1').toString('base64');
    const input = { KeyId: template.names(keyId)['KeyId'], MacAlgorithm: 'HMAC_SHA_256', Message };
    const { text } = await ask(aws.endpoint('kms'), 'kms', '1.1', 'TrentService.GenerateMac', input);
    return (JSON.parse(text) as { Mac: string }).Mac;
  };

  const routes: { readonly [path in keyof InsideAnswers]: () => Promise<InsideAnswers[path]> } = {
    '/table': scan,
    '/queues': async () =>
      queues.map((queue) => ({
        ...queue,
        bodies: aws.queues.bodies(queue.name),
        dropped: aws.queues.dropped(queue.name),
      })),
    '/queued': async () => queued,
    '/sent': async () => aws.outbox.sent().toReversed(),
    '/kill': async () => {
      await functions.stop();
      return null;
    },
    '/settled': () => settled(Number.POSITIVE_INFINITY),
    '/settled-soon': () => settled(50),
    '/master': master,
    '/now': async () => clock.now(),
    '/ahead': async () => Math.round((clock.now() - Date.now()) / 1000) * 1000,
    '/empty': async () => {
      await removeItems();
      await removeLetters();
      queued.length = 0;
      return null;
    },
  };
  return routes;
}
