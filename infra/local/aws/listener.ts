/** Opening and closing the HTTP servers of the AWS emulator. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Longer than clients keep idle connections: otherwise the server might close one that a request is just using. */
const keepAliveMilliseconds = 65_000;
/** How long requests that are being answered may take once the server closes. */
const graceMilliseconds = 2_000;
const idleCheckMilliseconds = 20;

/** Serves this machine only. @param port 0 takes a free one. @returns `http://127.0.0.1:port`. */
export function listen(server: Server, port: number): Promise<string> {
  server.keepAliveTimeout = keepAliveMilliseconds;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}

/** Lets running requests finish. */
export async function shut(server: Server): Promise<void> {
  const idle = setInterval(() => server.closeIdleConnections(), idleCheckMilliseconds);
  const grace = setTimeout(() => server.closeAllConnections(), graceMilliseconds);
  try {
    await new Promise<void>((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()));
    });
  } finally {
    clearInterval(idle);
    clearTimeout(grace);
  }
}
