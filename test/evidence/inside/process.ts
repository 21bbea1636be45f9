/** The local stack as `npm start` runs it, with a second door: what lies in its table, queues and carriers. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startLocalStack } from '../../../infra/local/stack.ts';
import { createInside } from './routes.ts';

const stack = await startLocalStack({
  port: 0,
  synthesized: process.env['SYNTHESIZED'],
  progress: (line) => console.log(line),
  log: (functionName, line) => console.log(`${functionName} | ${line}`),
});
const routes = createInside(stack.parts);
const server = createServer((request, response) => {
  const handle = routes[request.url ?? ''];
  if (handle === undefined) return void response.writeHead(404).end();
  handle().then(
    (value) => response.end(JSON.stringify(value ?? null)),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
writeFileSync(process.env['INSIDE'] ?? '', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
process.once('SIGINT', () => {
  server.close();
  server.closeAllConnections();
  void stack.stop().then(() => process.exit(0));
});
console.log(`ready ${stack.origin}`);
