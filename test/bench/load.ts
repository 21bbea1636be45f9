/** A closed load: so many callers, each of whom sends the next request when the last one is answered. */
import { Agent, request } from 'node:http';

export interface Measurement {
  /** CPU of the measured process, milliseconds per 1,000 requests. */
  readonly cpu: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** The first request of each caller opens the connections and is not counted. */
export async function measure(
  port: number,
  path: string,
  bodies: readonly string[],
  callers: number,
  answers?: string[],
): Promise<Measurement> {
  const agent = new Agent({ keepAlive: true, maxSockets: callers });
  const latencies: number[] = [];
  const send = async (place: number) => {
    const answer = await post(agent, port, path, bodies[place] as string);
    if (answers) answers[place] = answer;
  };
  await Promise.all(Array.from({ length: callers }, (_, place) => send(place)));
  const cpuBefore = Number(await post(agent, port, '/cpu', ''));
  const startedAt = performance.now();
  let next = callers;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let place = next++; place < bodies.length; place = next++) {
        const sentAt = performance.now();
        await send(place);
        latencies.push(performance.now() - sentAt);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const cpuAfter = Number(await post(agent, port, '/cpu', ''));
  agent.destroy();
  const sorted = latencies.toSorted((a, b) => a - b);
  const quantile = (q: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] as number;
  return {
    cpu: (cpuAfter - cpuBefore) / latencies.length,
    perSecond: latencies.length / seconds,
    p50: quantile(0.5),
    p99: quantile(0.99),
  };
}

function post(agent: Agent, port: number, path: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({ agent, host: '127.0.0.1', port, path, method: 'POST' }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${path} answered ${response.statusCode} ${text}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** One request on a connection of its own. */
export async function send(port: number, path: string, body: string): Promise<string> {
  const agent = new Agent();
  try {
    return await post(agent, port, path, body);
  } finally {
    agent.destroy();
  }
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
