/** Queues that call functions: batches, partial failures and messages that come back. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClock } from '../../../../infra/local/clock/clock.ts';
import {
  type EventSources,
  type Queues,
  startEventSources,
} from '../../../../infra/local/lambda/event-sources.ts';
import { createFunctions, type Functions } from '../../../../infra/local/lambda/functions.ts';
import { readAssembly } from '../../../../infra/local/template/assembly.ts';
import { createTemplate } from '../../../../infra/local/template/template.ts';
import { writeAssembly } from '../fixtures/assembly.ts';

const directory = writeAssembly();
const removed: string[] = [];
type Message = Awaited<ReturnType<Queues['receive']>>[number];
const waiting: Message[] = [];
let wake = () => {};
let functions: Functions;
let sources: EventSources;
const seen: string[] = [];

const queues: Queues = {
  async receive(_, most, signal) {
    if (waiting.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    return waiting.splice(0, most);
  },
  remove: (_, receiptHandle) => void removed.push(receiptHandle),
};

function send(...bodies: string[]): void {
  for (const body of bodies) {
    const attributes = { ApproximateReceiveCount: '1', SentTimestamp: '0' };
    waiting.push({
      messageId: `id-${body}`,
      receiptHandle: `receipt-${body}`,
      body,
      md5OfBody: '',
      attributes,
    });
  }
  wake();
}

beforeAll(async () => {
  const assembly = readAssembly(directory);
  const template = createTemplate(assembly, { origin: 'http://127.0.0.1:1', queueOrigin: () => '' });
  functions = createFunctions({
    template,
    assembly,
    clock: createClock(),
    serviceEnvironment: {},
    log: (_, line) => seen.push(line),
  });
  await functions.load();
  sources = startEventSources(template, functions, queues);
});
afterAll(async () => {
  await sources.stop();
  await functions.stop();
  rmSync(directory, { recursive: true });
});

describe('an event source', () => {
  it('hands messages to the function in batches and removes those that it did not report', async () => {
    send('one', 'fail', 'two');
    await expect.poll(() => removed).toEqual(['receipt-one', 'receipt-two']);
    // What a thread prints comes by a way of its own, and may be later.
    await expect.poll(() => seen).toContain('[["one","1"],["fail","1"],["two","1"]]');
  });

  it('takes no more than the batch size at once', async () => {
    seen.length = 0;
    send('1', '2', '3', '4', '5', '6');
    await expect.poll(() => seen.map((line) => JSON.parse(line).length).sort()).toEqual([1, 5]);
  });

  it('hands a message over within 50 ms, where the machine has time', async () => {
    const times: number[] = [];
    for (const body of ['quick 1', 'quick 2', 'quick 3', 'quick 4', 'quick 5']) {
      const started = performance.now();
      send(body);
      while (!removed.includes(`receipt-${body}`)) await new Promise((resolve) => setTimeout(resolve, 1));
      times.push(performance.now() - started);
    }
    expect(Math.min(...times)).toBeLessThan(50);
  });
});
