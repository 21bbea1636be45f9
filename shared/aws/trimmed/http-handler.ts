/**
 * Sends the requests of a trimmed client: it keeps connections open, gives each try one deadline, and reads the whole
 * body before it hands an answer on.
 *
 * The SDK's handler sets five timers for each request and passes each answer through a stream of its own. Both cost
 * more than the request.
 */
import { Agent as PlainAgent, request as plainRequest, type RequestOptions } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { HttpHandlerOptions, HttpRequest, HttpResponse } from '@smithy/types';

/** The SDK keeps as many to one service. A function has few requests at a time. */
const connections = { keepAlive: true, maxSockets: 50 };

/**
 * Milliseconds after which an idle connection is closed and not used again. Services end idle connections, and a
 * function that was frozen meanwhile does not see it: each retry would take the next dead one.
 */
const idleMilliseconds = 10_000;

/** Codes of a lost connection. The SDK's retries repeat them under the name `TimeoutError`. */
const lost: readonly (string | undefined)[] = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT'];

export class HttpHandler {
  readonly #milliseconds: number;
  readonly #plain = new PlainAgent(connections);
  readonly #secure = new SecureAgent(connections);
  #usedAt = 0;

  /** @param milliseconds that a try may take, from its start to the last byte of the answer */
  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  /** @throws `TimeoutError` when the whole answer does not come in time, or the connection is lost */
  handle(
    request: HttpRequest,
    { abortSignal }: HttpHandlerOptions = {},
  ): Promise<{ readonly response: HttpResponse }> {
    this.#dropIdle();
    return new Promise((resolve, reject) => {
      const send = request.protocol === 'http:' ? plainRequest : secureRequest;
      const options = this.#optionsOf(request, abortSignal as AbortSignal | undefined);
      const sent = send(options, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', fail);
        answer.on('end', () => {
          clearTimeout(deadline);
          this.#usedAt = Date.now();
          const { statusCode = 0, headers } = answer;
          const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
          resolve({ response: { statusCode, headers: headers as Record<string, string>, body } });
        });
      });
      const deadline = setTimeout(
        () => sent.destroy(new TimeoutError(`no answer in ${this.#milliseconds} ms`)),
        this.#milliseconds,
      );
      const fail = (error: NodeJS.ErrnoException) => {
        clearTimeout(deadline);
        reject(lost.includes(error.code) ? Object.assign(error, { name: 'TimeoutError' }) : error);
      };
      sent.on('error', fail);
      sent.end(request.body);
    });
  }

  destroy(): void {
    this.#plain.destroy();
    this.#secure.destroy();
  }

  /** By the machine's clock, which goes on while a function is frozen. */
  #dropIdle(): void {
    if (Date.now() - this.#usedAt < idleMilliseconds) return;
    for (const agent of [this.#plain, this.#secure]) {
      for (const sockets of Object.values(agent.freeSockets))
        for (const socket of sockets ?? []) socket.destroy();
    }
  }

  #optionsOf(
    { protocol, hostname, port, method, path, headers, query }: HttpRequest,
    signal: AbortSignal | undefined,
  ): RequestOptions {
    // None of our operations has a query. One that came would be sent without it.
    if (query !== undefined && Object.keys(query).length > 0) throw new Error(`${path} has a query`);
    const agent = protocol === 'http:' ? this.#plain : this.#secure;
    return { agent, host: hostname, port, method, path, headers, ...(signal ? { signal } : {}) };
  }
}

class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}
