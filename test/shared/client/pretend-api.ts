/** An API that answers as a test says, one answer after the other, and notes what it was asked. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** `lost`: the connection ends without an answer. `silent`: it stays open. */
export type Reply =
  | 'lost'
  | 'silent'
  | {
      readonly status: number;
      readonly body?: object | string;
      readonly headers?: Readonly<Record<string, string>>;
    };

export interface PretendApi {
  readonly api: string;
  readonly asked: Asked[];
  /** What comes next; the last one stays. */
  replies(...replies: readonly Reply[]): void;
  /** Answers of the token endpoint, `/token`, which are apart. */
  tokens(...replies: readonly Reply[]): void;
  readonly tokensAsked: Asked[];
  stop(): void;
}

export async function pretendApi(): Promise<PretendApi> {
  const asked: Asked[] = [];
  const tokensAsked: Asked[] = [];
  let replies: Reply[] = [];
  let tokens: Reply[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => {
      body += piece;
    });
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const isToken = path === '/token';
      (isToken ? tokensAsked : asked).push({ method, path, headers, body });
      const queue = isToken ? tokens : replies;
      const [reply = 'silent'] = queue.length > 1 ? queue.splice(0, 1) : queue;
      if (reply === 'lost') return request.socket.destroy();
      if (reply === 'silent') return undefined;
      const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {});
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
      return response.end(reply.status === 204 ? undefined : text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    api: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    tokensAsked,
    replies: (...next) => {
      replies = [...next];
    },
    tokens: (...next) => {
      tokens = [...next];
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
