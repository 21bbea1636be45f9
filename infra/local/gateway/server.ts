/** The one HTTP server of the local stack: binds the port and passes each request to the owner of its path. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { comesFromThisMachine, onlyThisMachine } from '../this-machine.ts';
import { sendProblem } from './problems.ts';

/** The port that was asked for belongs to another process. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
}

export interface Owner {
  /** True when requests to this path are this owner's. */
  owns(path: string): boolean;
  /** Requests from elsewhere are refused: by a web page, or under another host name. */
  readonly onlyThisMachine?: true;
  handle(request: IncomingMessage, response: ServerResponse, url: URL): void | Promise<void>;
}

export interface LocalServer {
  /** `http://127.0.0.1:port`. */
  readonly origin: string;
  /** Until this is called, every request is answered 503. The first owner of a path gets the request. */
  serve(owners: readonly Owner[]): void;
  stop(): Promise<void>;
}

/** API Gateway's quota for the request line and all headers together. */
const headerLimitBytes = 10_240;
const graceMilliseconds = 1_000;

/** Binds 127.0.0.1 only. @param port 0 takes a free one. @throws {PortTakenError} */
export async function openServer(port: number): Promise<LocalServer> {
  let owners: readonly Owner[] | undefined;
  const server = createServer(
    { maxHeaderSize: headerLimitBytes, keepAliveTimeout: 60_000 },
    (request, response) => {
      void dispatch(request, response, owners);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, port)));
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve(all) {
      owners = all;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), graceMilliseconds).unref();
      }),
  };
}

async function dispatch(
  request: IncomingMessage,
  response: ServerResponse,
  owners?: readonly Owner[],
): Promise<void> {
  try {
    const url = URL.parse(request.url ?? '/', 'http://127.0.0.1');
    if (owners === undefined || url === null) {
      const headers = { 'retry-after': '1' };
      return sendProblem(response, { status: 503, code: 'unavailable', detail: 'Still starting.', headers });
    }
    const owner = owners.find(({ owns }) => owns(url.pathname));
    if (owner?.onlyThisMachine === true && !comesFromThisMachine(request.headers))
      return sendProblem(response, { status: 403, code: 'forbidden', detail: onlyThisMachine });
    await owner?.handle(request, response, url);
  } catch (error) {
    if (request.destroyed && !response.writable) return; // the caller hung up
    console.error(`local stack: ${error instanceof Error ? error.stack : error}`);
    if (response.headersSent) response.destroy();
    else sendProblem(response, { status: 500, code: 'unavailable', detail: 'The local stack failed.' });
  }
}

function explain(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE') return new PortTakenError(`port ${port} is taken`, { cause: error });
  if (error.code === 'EACCES')
    return new PortTakenError(`port ${port} may not be opened by this user`, { cause: error });
  return error;
}
