/** The AWS emulator: endpoints on this machine that unmodified SDK clients talk to over HTTP. */
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Authorize, createAdmitRequest } from './admit-request.ts';
import { type Contact, createConnect, type OnCall } from './connect.ts';
import { createListener, type ServedOperations } from './dispatch.ts';
import { prepareDirectory, startDynamoDb, UnusableDirectoryError } from './dynamodb.ts';
import { createFaults, type Faults } from './faults.ts';
import { createJsonFile } from './json-file.ts';
import { createKeys, type KeySpec } from './keys.ts';
import { kmsOperations } from './kms.ts';
import { listen, shut } from './listener.ts';
import type { Operations } from './operations.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import type { QueueSpec } from './queue.ts';
import { createQueues, type Queues } from './queues.ts';
import { createRequestCounter, type Requests } from './requests.ts';
import type { AwsService } from './services.ts';
import { sesOperations } from './ses.ts';
import { snsOperations } from './sns.ts';
import { sqsOperations } from './sqs.ts';

export type { AwsService, Contact, Faults, KeySpec, OnCall, Operations, Outbox, QueueSpec, Queues, Requests };
export { UnusableDirectoryError };

export interface AwsEmulatorOptions {
  /** Moved time in milliseconds since the epoch. */
  readonly now: () => number;
  /** Tells when the clock was moved, and how far: waiting receivers look again, and times go back with it. */
  readonly onMove?: (listener: (milliseconds: number) => void) => unknown;
  /** Where tables, queues, keys and outbox survive a restart; absent: all is in memory. */
  readonly dataDir?: string;
  /** Port of every endpoint but DynamoDB's; a free one unless told. */
  readonly port?: number;
  readonly keys: readonly KeySpec[];
  readonly queues: readonly QueueSpec[];
  /** Plays a contact flow; until it resolves the call is not in the outbox. */
  readonly onCall: OnCall;
  /** Told of a call that `onCall` could not play. The error may hold what was sent: do not print it. */
  readonly onCallError?: (error: unknown) => void;
  /** Told of each SMS that SNS took and dropped: the line of its log. */
  readonly onSmsDropped?: (line: string) => void;
  /** Who may ask for what; absent: everybody for everything. */
  readonly authorize?: Authorize;
  /** Operations of services that the emulator does not bring itself. */
  readonly operations?: { readonly [service in 'states' | 'secretsmanager']?: Operations };
}

export interface AwsEmulator {
  /** `http://127.0.0.1:port`, for AWS_ENDPOINT_URL_…; that of `sqs` is also the origin of queue URLs. */
  endpoint(service: AwsService): string;
  readonly outbox: Outbox;
  readonly faults: Faults;
  readonly queues: Queues;
  readonly requests: Requests;
  /** Resolves when every call that was accepted has been played. */
  callsPlayed(): Promise<void>;
  /** Resolves when all that has happened is on disk. */
  flush(): Promise<void>;
  /** Finishes running requests and calls, writes everything and frees the ports: stop pollers first and whatever
   * `onCall` needs afterwards. Requests and calls get two seconds; held connections are dropped at once. */
  close(): Promise<void>;
}

/** How long `close` waits for calls that are being played. */
const mostCallMilliseconds = 2_000;

/** What `startAwsEmulator` does first, for who has other things to do before that. @throws {UnusableDirectoryError} */
export async function prepareData(dataDir: string): Promise<void> {
  await prepareDirectory(tablesIn(dataDir));
}

const tablesIn = (dataDir: string) => join(dataDir, 'dynamodb');

/** @throws an error with code EADDRINUSE when the port is taken, and one that names the file or folder when data is
 * damaged or another process works with it. */
export async function startAwsEmulator(options: AwsEmulatorOptions): Promise<AwsEmulator> {
  const { now, dataDir, port = 0, onCall, onCallError = () => {} } = options;
  const tableDirectory = dataDir === undefined ? undefined : tablesIn(dataDir);
  if (tableDirectory !== undefined) await prepareDirectory(tableDirectory);
  const file = (name: string) => createJsonFile(dataDir, name);
  const files = {
    outbox: file('outbox.json'),
    queues: file('queues.json'),
    keys: file('keys.json'),
    contacts: file('contacts.json'),
  };
  let origin = '';
  const faults = createFaults();
  const requests = createRequestCounter();
  const admit = createAdmitRequest(faults, requests, now, options.authorize ?? (() => undefined));
  const outbox = createOutbox(now, files.outbox);
  const queues = createQueues({
    specs: options.queues,
    now,
    onMove: options.onMove,
    file: files.queues,
  });
  const connect = createConnect({ now, outbox, faults, file: files.contacts, onCall, onCallError });

  const operations: ServedOperations = {
    sns: snsOperations(outbox, faults, options.onSmsDropped ?? (() => {})),
    ses: sesOperations(outbox, faults),
    connect: connect.operations,
    sqs: sqsOperations(options.queues, queues, () => origin),
    kms: kmsOperations(createKeys(options.keys, files.keys)),
    states: options.operations?.states ?? {},
    secretsmanager: options.operations?.secretsmanager ?? {},
  };

  const server = createServer(createListener(admit, operations));
  origin = await listen(server, port);
  const dynamoDb = await startDynamoDb(admit, tableDirectory);
  const flush = async () => {
    await Promise.all(Object.values(files).map((each) => each.flush()));
  };
  return {
    endpoint: (service) => (service === 'dynamodb' ? dynamoDb.origin : origin),
    outbox,
    faults,
    queues,
    requests,
    callsPlayed: connect.idle,
    flush,
    async close() {
      faults.clear();
      // Calls first: playing one may need the endpoints. One that never ends must not keep the process.
      await Promise.race([connect.idle(), delay(mostCallMilliseconds, undefined, { ref: false })]);
      await Promise.all([shut(server), shut(dynamoDb.server)]);
      await flush();
    },
  };
}
