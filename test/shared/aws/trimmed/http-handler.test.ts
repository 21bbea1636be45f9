/** Requests of the AWS clients on the wire: whole answers, kept connections, one deadline. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as listen, type Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { HttpHandler } from '../../../../shared/aws/trimmed/http-handler.ts';

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
  vi.restoreAllMocks();
});

async function portOf<Listener extends Server | ReturnType<typeof listen>>(
  server: Listener,
): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(server);
  return (server.address() as AddressInfo).port;
}

/** A server that answers so, and a way to ask it. */
async function asking(answer: RequestListener, milliseconds = 1_000) {
  const sockets = new Set<Socket>();
  const server = createServer(answer).on('connection', (socket: Socket) => sockets.add(socket));
  const port = await portOf(server);
  const handler = new HttpHandler(milliseconds);
  open.push({ close: () => handler.destroy() });
  const ask = (more: object = {}, options = {}) => handler.handle({ ...request(port), ...more }, options);
  return { sockets, ask };
}

const request = (port: number, protocol = 'http:') => ({
  protocol,
  hostname: '127.0.0.1',
  port,
  method: 'POST',
  path: '/',
  headers: { 'content-type': 'application/json' },
  query: {},
  body: new TextEncoder().encode('{"to":"somebody"}'),
});

async function textOf(message: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of message) text += chunk;
  return text;
}

test('the answer is whole, whatever pieces it comes in', async () => {
  const { ask } = await asking(async (message, answer) => {
    answer.writeHead(202, { 'x-amzn-requestid': 'r-1' });
    answer.write(`${message.method} ${message.url} `);
    await new Promise((resolve) => setTimeout(resolve, 20));
    answer.end(await textOf(message));
  });
  const { response } = await ask();
  expect(response).toMatchObject({ statusCode: 202, headers: { 'x-amzn-requestid': 'r-1' } });
  expect(Buffer.from(response.body).toString()).toBe('POST / {"to":"somebody"}');
});

test('an answer may be empty', async () => {
  const { ask } = await asking((_, answer) => answer.writeHead(204).end());
  expect((await ask()).response.body).toHaveLength(0);
});

test('one after the other travel on one connection', async () => {
  const { ask, sockets } = await asking((_, answer) => answer.end('ok'));
  for (let turn = 0; turn < 3; turn += 1) await ask();
  expect(sockets.size).toBe(1);
});

test('a function that was frozen uses none of its connections, which services have ended meanwhile', async () => {
  const served = new Set<Socket>();
  const { ask, sockets } = await asking((message, answer) => {
    if (served.has(message.socket)) return message.socket.resetAndDestroy();
    served.add(message.socket);
    return setTimeout(() => answer.end('ok'), 20);
  });
  await Promise.all([ask(), ask(), ask()]);
  const thawed = Date.now() + 10_000;
  vi.spyOn(Date, 'now').mockReturnValue(thawed);
  await Promise.all([ask(), ask()]);
  expect(sockets.size).toBe(5);
});

test.each<[string, RequestListener]>([
  ['nothing', () => undefined],
  ['its head and nothing else', (_, answer) => answer.writeHead(200).flushHeaders()],
  ['a part', (_, answer) => answer.writeHead(200, { 'content-length': '100' }).write('part')],
])('a service that answers %s has its deadline, and the connection is not used again', async (_, answer) => {
  const { ask, sockets } = await asking(answer, 150);
  await expect(ask()).rejects.toMatchObject({ name: 'TimeoutError', message: 'no answer in 150 ms' });
  const [socket] = [...sockets];
  await expect.poll(() => socket?.destroyed).toBe(true);
});

test.each<[string, RequestListener]>([
  ['before the answer', (message) => message.socket.resetAndDestroy()],
  [
    'in its middle',
    (message, answer) => {
      answer.writeHead(200, { 'content-length': '100' }).write('part');
      setTimeout(() => message.socket.resetAndDestroy(), 20);
    },
  ],
])('a connection that is lost %s is what the retries take for passing', async (_, answer) => {
  const { ask } = await asking(answer);
  await expect(ask()).rejects.toMatchObject({ name: 'TimeoutError', code: 'ECONNRESET' });
});

test('nobody there is an error of its own', async () => {
  const port = await portOf(createServer());
  for (const each of open.splice(0)) each.close();
  await expect(new HttpHandler(1_000).handle(request(port))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a request that its caller gives up ends', async () => {
  const { ask } = await asking(() => undefined);
  const caller = new AbortController();
  const asked = ask({}, { abortSignal: caller.signal });
  caller.abort();
  await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
});

test('a query, which it would lose, is refused', async () => {
  const { ask } = await asking((_, answer) => answer.end());
  await expect(ask({ query: { Action: 'Publish' } })).rejects.toThrow('/ has a query');
});

test('what goes to AWS goes encrypted: the first byte is of a TLS handshake', async () => {
  const first = Promise.withResolvers<number | undefined>();
  const port = await portOf(
    listen((socket) => {
      socket.once('data', (bytes) => {
        first.resolve(bytes[0]);
        socket.destroy();
      });
    }),
  );
  await expect(new HttpHandler(1_000).handle(request(port, 'https:'))).rejects.toThrow();
  expect(await first.promise).toBe(0x16);
});
