/**
 * How requests of the AWS clients travel: connections that are kept, one deadline for each try, the answer's body
 * read before it is handed on.
 *
 * It stands in the place of the SDK's handler, which sets five timers for each request and passes each answer
 * through a stream of its own; both cost more than the request.
 */
import { Agent as PlainAgent, request as plainRequest, type RequestOptions } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { HttpHandlerOptions, HttpRequest, HttpResponse } from '@smithy/types';

/** As many connections to one service as the SDK keeps. An instance has few requests at a time. */
const connections = { keepAlive: true, maxSockets: 50 };

/**
 * Milliseconds after which a connection that nobody used is closed rather than used. Services end idle ones, and a
 * function that was frozen meanwhile has not seen it: each retry would take the next dead one.
 */
const idleMilliseconds = 10_000;

/** What the SDK's retries take for a connection that failed in passing. */
const lost: readonly (string | undefined)[] = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT'];

export class Transport {
  readonly #milliseconds: number;
  readonly #plain = new PlainAgent(connections);
  readonly #secure = new SecureAgent(connections);
  #usedAt = 0;

  /** @param milliseconds that a try may take, from its start to the last byte of the answer */
  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  /** @throws `TimeoutError` when there is no whole answer in time or the connection is lost */
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

  /** By the clock of the machine, which goes on while a function is frozen. */
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
    // Operations that are asked by query are none of ours; one that came would go out without it.
    if (query !== undefined && Object.keys(query).length > 0) throw new Error(`${path} has a query`);
    const agent = protocol === 'http:' ? this.#plain : this.#secure;
    return { agent, host: hostname, port, method, path, headers, ...(signal ? { signal } : {}) };
  }
}

class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}
