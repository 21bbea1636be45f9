/** The second door of a measured stack: what lies in its table, queues and carriers, over HTTP. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LocalParts } from '../../../infra/local/stack.ts';
import { createInside } from './routes.ts';

export interface InsideDoor {
  readonly origin: string;
  close(): void;
}

/** Listens on a free port of this machine. */
export async function openInside(parts: LocalParts): Promise<InsideDoor> {
  const routes = createInside(parts);
  const server = createServer((request, response) => {
    const handle = routes[request.url ?? ''];
    if (handle === undefined) return void response.writeHead(404).end();
    handle().then(
      (value) => response.end(JSON.stringify(value ?? null)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.keepAliveTimeout = 60_000; // longer than a measurement pauses between two looks
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
