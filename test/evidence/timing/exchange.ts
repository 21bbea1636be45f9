/** One timed request after the other on one connection, with as little of the client in the time as can be. */
import { Agent, request } from 'node:http';
import type { Json } from '../../stack.ts';

export interface Exchange {
  readonly milliseconds: number;
  readonly status: number;
  readonly body: Json;
}

export type Delivery = (method: string, path: string, body?: object) => Promise<Exchange>;

/** @param token of the client that signs people in. */
export function connection(origin: string, token: string): { send: Delivery; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { hostname, port } = new URL(origin);
  const send: Delivery = (method, path, body) =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body);
      const headers = {
        authorization: `Bearer ${token}`,
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      };
      const sentAt = performance.now();
      const sent = request({ agent, host: hostname, port, path, method, headers }, (response) => {
        let answer = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          answer += chunk;
        });
        response.on('end', () => {
          const milliseconds = performance.now() - sentAt;
          resolve({
            milliseconds,
            status: response.statusCode ?? 0,
            body: answer === '' ? undefined : JSON.parse(answer),
          });
        });
      });
      sent.on('error', reject);
      sent.end(text);
    });
  return { send, close: () => agent.destroy() };
}
