/** Amazon DynamoDB: the dynalite engine in this process, behind the checks of every request. */
import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import dynalite from 'dynalite';
import { type AdmitRequest, readRequest, sendAnswer } from './admit-request.ts';
import { listen } from './listener.ts';
import { rememberExpressions } from './parsed-expressions.ts';
import type { AwsRequest } from './protocols.ts';
import { ServiceError } from './service-error.ts';
import { failed, protocols } from './services.ts';

const idleCheckMilliseconds = 5;

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Operations that dynalite knows. It refuses others without naming them, so this service does it instead. */
const served: ReadonlySet<string> = new Set([
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetItem',
  'ListTables',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
  'UpdateTable',
]);

/** Listens on a free port of this machine.
 * @param directory where items survive a restart; absent: in memory.
 * @returns when the store is open and holds its lock; closing the server closes the store too. */
export async function startDynamoDb(
  admit: AdmitRequest,
  directory: string | undefined,
): Promise<{ server: Server; origin: string }> {
  rememberExpressions();
  const server = dynalite({ createTableMs: 0, ...(directory === undefined ? {} : { path: directory }) });
  const [engine] = server.listeners('request') as Handler[];
  if (engine === undefined) throw new Error('this version of dynalite answers in another way');
  const origin = await listen(server, 0);
  await untilOpen(origin);
  server.removeAllListeners('request');
  const atWork = new Set<ServerResponse>();

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(incoming);
    if (request === undefined) return;
    await admit('dynamodb', request, response, (operation) => {
      const { dynamodb } = protocols;
      try {
        if (!served.has(operation)) throw dynamodb.unknownOperation(operation);
        dynamodb.input(request); // the engine throws on JSON that is no object
        replay(engine, incoming, request, answerOf(response, atWork));
      } catch (error) {
        if (response.headersSent) return;
        sendAnswer(response, dynamodb.failure(error instanceof ServiceError ? error : failed.dynamodb()));
      }
    });
  };
  server.on('request', (incoming, response) => void handle(incoming, response));
  closeWhenIdle(server, atWork);
  return { server, origin };
}

/** The response, which is at work until the engine has ended it. */
function answerOf(response: ServerResponse, atWork: Set<ServerResponse>): ServerResponse {
  const end = response.end.bind(response) as (...given: unknown[]) => ServerResponse;
  atWork.add(response);
  return Object.assign(response, {
    end: (...given: unknown[]) => {
      atWork.delete(response);
      return end(...given);
    },
  });
}

/**
 * A caller that breaks off takes its connection along, and the engine goes on writing. It ends the process when its store
 * is closed under it, so that the store stays open for as long as that takes.
 */
function closeWhenIdle(server: Server, atWork: ReadonlySet<ServerResponse>): void {
  const close = server.close.bind(server);
  const tryToClose = (done?: (error?: Error) => void): Server => {
    if (atWork.size === 0) return close(done);
    setTimeout(() => tryToClose(done), idleCheckMilliseconds);
    return server;
  };
  server.close = tryToClose;
}

/** The engine opens its store behind its caller's back; only an answer from the store shows that it is open. */
async function untilOpen(origin: string): Promise<void> {
  const { status } = await fetch(origin, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': 'DynamoDB_20120810.ListTables',
      'X-Amz-Date': '20260101T000000Z',
      Authorization:
        'AWS4-HMAC-SHA256 Credential=a/20260101/eu/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: '{}',
  });
  if (status !== 200)
    throw new Error(`dynalite answered ${status} when it was asked whether its store is open`);
}

/** Hands over a copy, because dynalite ends the process when a client breaks off while it reads. */
function replay(engine: Handler, incoming: IncomingMessage, { body }: AwsRequest, response: ServerResponse) {
  const { method, url, headers } = incoming;
  const copy = Object.assign(new EventEmitter(), { method, url, headers });
  engine(copy as unknown as IncomingMessage, response);
  copy.emit('data', body);
  copy.emit('end');
}

interface Store {
  open(): Promise<void>;
  close(): Promise<void>;
}

/** Another process has the directory, or this one cannot read and write it. */
export class UnusableDirectoryError extends Error {
  override readonly name = 'UnusableDirectoryError';
}

/** Makes the directory and tries it: dynalite does not wait for its store to open, and a request to one that could not
 * be opened ends the process.
 * @throws {UnusableDirectoryError} */
export async function prepareDirectory(directory: string): Promise<void> {
  const require = createRequire(import.meta.url);
  // The engine's own copy of its store, whose lock ends with the process that holds it.
  const { Level } = createRequire(require.resolve('dynalite'))('level') as {
    Level: new (path: string) => Store;
  };
  // The store's files are readable by everyone, so the folder must not be.
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const store = new Level(directory);
    await store.open();
    await store.close();
  } catch (error) {
    const isLocked = ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code === 'LEVEL_LOCKED';
    const reason = isLocked ? 'is in use by another process' : 'cannot be read';
    throw new UnusableDirectoryError(`${directory} ${reason}`, { cause: error });
  }
}
