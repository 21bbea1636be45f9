/** Load: what the whole local stack does in a second, how long it takes, and what an operation asks of DynamoDB. */
import { caller, put } from '../e2e/people.ts';
import type { StackAnswer } from '../stack.ts';
import { type MeasuredStack, stackOf } from './inside/stack.ts';
import { type Figure, grouped, type Measurement } from './measurement.ts';
import { ownLimitsOnly } from './policies.ts';
import { codeIn } from './soak/observed.ts';
import { quantile } from './statistics.ts';

const levels = [1, 16, 64] as const;

interface Taken {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Answers with another status than the one that is right. */
  readonly others: number;
}

/** So many callers, each of whom sends the next request when the last one is answered. */
async function closedLoop<T>(
  items: readonly T[],
  callers: number,
  status: number,
  act: (item: T) => Promise<StackAnswer>,
): Promise<{ taken: Taken; answers: StackAnswer[] }> {
  const times: number[] = [];
  const answers: StackAnswer[] = [];
  let next = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let place = next++; place < items.length; place = next++) {
        const sentAt = performance.now();
        answers[place] = await act(items[place] as T);
        times.push(performance.now() - sentAt);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const others = answers.filter((answer) => answer.status !== status).length;
  const taken = {
    perSecond: items.length / seconds,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    others,
  };
  return { taken, answers };
}

async function flows(stack: MeasuredStack, callers: number, count: number) {
  const api = caller(stack);
  const names = Array.from({ length: count }, (_, place) => `load-${callers}-${place}`);
  for (const userId of names) await put(stack, userId, { email: `${userId}@example.com` });
  await stack.forgetRequests();
  const started = await closedLoop(names, callers, 201, (userId) => api.start(userId, { method: 'Email' }));
  await stack.settled();
  const ofStarts = (await stack.requests())['dynamodb'] ?? {};
  const codes = new Map((await stack.look('/sent')).map((message) => [message.to, codeIn(message)]));
  const open = names.map((userId, place) => ({
    id: started.answers[place]?.body?.challengeId as string,
    code: codes.get(`${userId}@example.com`) ?? '',
  }));
  await stack.quiet(); // what is kept of a delivery is written after it
  await stack.forgetRequests();
  const verified = await closedLoop(open, callers, 200, ({ id, code }) => api.verify(id, code));
  const ofVerifications = (await stack.requests())['dynamodb'] ?? {};
  return { start: started.taken, verify: verified.taken, ofStarts, ofVerifications };
}

const sum = (requests: Readonly<Record<string, number>>) =>
  Object.values(requests).reduce((a, b) => a + b, 0);
const told = ({ perSecond, p50, p99 }: Taken) =>
  `${perSecond.toFixed(0)} a second, p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`;

export const load: Measurement = {
  name: 'load',
  rows: [
    ...levels.map((callers) => ({
      id: `load.${callers}`,
      promise: `Every request is answered as it should be under ${callers === 1 ? 'one caller' : `${callers} callers`}`,
      how: 'starts by email, then the right codes, by callers that each wait for their answer; the stack, its table, its keys and its carriers share the cores with them',
    })),
    {
      id: 'load.requests',
      promise: 'A verification is one request to DynamoDB',
      how: 'requests that arrived at the table during those starts, with their deliveries, and during those verifications',
    },
  ],

  async measure({ quick }, progress) {
    const stack = await stackOf(ownLimitsOnly, quick);
    const figures: Record<string, Figure> = {};
    let [starts, verifications, flowsSoFar] = [0, 0, 0];
    let fewest = Number.POSITIVE_INFINITY;
    try {
      await flows(stack, 2, quick ? 2 : 20); // what functions do once
      for (const callers of levels) {
        const count = quick ? Math.min(4 * callers, 8) : 1_000;
        const { start, verify, ofStarts, ofVerifications } = await flows(stack, callers, count);
        starts += sum(ofStarts);
        verifications += sum(ofVerifications);
        fewest = Math.min(fewest, sum(ofVerifications) / count);
        flowsSoFar += count;
        const others = start.others + verify.others;
        figures[`load.${callers}`] = {
          figure: `${others} other answers of ${grouped(2 * count)}; starts ${told(start)}; verifications ${told(verify)}`,
          holds: others === 0,
        };
        progress(`${callers} callers`);
      }
    } finally {
      await stack.stop();
    }
    const each = (requests: number) => (requests / flowsSoFar).toFixed(2);
    figures['load.requests'] = {
      figure: `${each(verifications)} for a verification, ${each(starts)} for a start and its delivery by email`,
      // On a busy machine a request whose answer comes too late is repeated, the more the more callers there are.
      holds: quick ? fewest >= 1 && fewest < 1.25 : verifications === flowsSoFar,
    };
    return figures;
  },
};
