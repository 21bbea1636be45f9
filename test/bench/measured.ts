/** A process that is measured: bare node:http in front of two handlers, and what they cost it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Handlers {
  issue(body: string): Promise<string>;
  verify(body: string): Promise<string>;
  /** The same with a wrong code. */
  reject(body: string): Promise<string>;
}

/** `POST` to the name of a handler, and `/cpu` with the microseconds that this process has used so far. */
export async function serveMeasured(handlers: Handlers): Promise<void> {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const name = request.url?.slice(1) ?? '';
    if (name in handlers) return response.end(await handlers[name as keyof Handlers](body));
    const { user, system } = process.cpuUsage();
    return response.end(String(user + system));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => {
      response.statusCode = 500;
      response.end(error.message);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.send?.({ port: (server.address() as AddressInfo).port });
}
