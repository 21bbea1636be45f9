/** When the status of a delivery first says `sent`, for a person and for nobody, by a fast and by a slow carrier. */
import { caller, put } from '../../e2e/people.ts';
import type { MeasuredStack } from '../inside/stack.ts';
import type { Figure, Row, Settings } from '../measurement.ts';
import { median, separability } from '../statistics.ts';

export const deliveryRow: Row = {
  id: 'timing.delivery',
  promise: 'The moment at which a delivery becomes `sent` does not tell who is known: AUC at most 0.55',
  how: 'milliseconds from the start until GET first says `sent`, asked every 20 ms; a slow carrier holds its request for 300 ms and drops it, and the repetition is answered',
};

interface Size {
  /** People and names of nobody together that are started at once. */
  readonly atOnce: number;
  readonly pollMilliseconds: number;
}

const whole: Size = { atOnce: 16, pollMilliseconds: 20 };
const small: Size = { atOnce: 4, pollMilliseconds: 100 };
/** Before which no message is said to be sent: whoever asked all the while would only keep the stack busy. */
const undisclosedMilliseconds = 2_800;
const slowMilliseconds = 300;
/** Of each kind: with so many, chance alone takes the AUC past 0.55 once in two hundred runs. */
const mostSamples = 500;
const mostAuc = 0.55;
let names = 0;
let rounds = 0;

/** Starts some of each kind at the same moment, in turns: who asks first is served first. @returns milliseconds until each was `sent`, by kind. */
async function together(
  stack: MeasuredStack,
  slow: boolean,
  { atOnce, pollMilliseconds }: Size,
): Promise<{ known: number[]; unknown: number[] }> {
  const api = caller(stack);
  const known = await Promise.all(
    Array.from({ length: atOnce / 2 }, async () => {
      names += 1;
      const userId = `d-known-${names}`;
      await put(stack, userId, { email: `${userId}@example.com` });
      return userId;
    }),
  );
  const unknown = known.map((userId) => userId.replace('known', 'nobody'));
  if (slow) await stack.fault('ses', 'timeout', known.length);
  const untilSent = async (userId: string): Promise<number> => {
    const startedAt = performance.now();
    const { body } = await api.start(userId, { method: 'Email' });
    await new Promise((resolve) => setTimeout(resolve, undisclosedMilliseconds));
    for (;;) {
      const { body: found } = await api.status(body.challengeId);
      if (found.delivery === 'sent') return performance.now() - startedAt;
      await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
    }
  };
  const answered = slow
    ? new Promise((resolve) => setTimeout(resolve, slowMilliseconds)).then(() =>
        stack.fault('ses', 'timeout', 0),
      )
    : undefined;
  const isOdd = rounds % 2 === 1;
  rounds += 1;
  const pairs = known.map((userId, place) => [userId, unknown[place] ?? '']);
  const order = pairs.flatMap((pair) => (isOdd ? pair.toReversed() : pair));
  const times = await Promise.all(order.map(untilSent));
  await answered;
  const timesOf = (names: readonly string[]) =>
    times.filter((_, place) => names.includes(order[place] ?? ''));
  return { known: timesOf(known), unknown: timesOf(unknown) };
}

export async function delivery(stack: MeasuredStack, { samples, quick }: Settings): Promise<Figure> {
  const wanted = Math.min(samples, mostSamples);
  const told: string[] = [];
  let holds = true;
  for (const slow of [false, true]) {
    const all = { known: [] as number[], unknown: [] as number[] };
    while (all.known.length < wanted) {
      const { known, unknown } = await together(stack, slow, quick ? small : whole);
      all.known.push(...known);
      all.unknown.push(...unknown);
    }
    const auc = separability(all.known, all.unknown);
    holds &&= auc <= mostAuc;
    const medians = `known ${median(all.known).toFixed(0)} ms, unknown ${median(all.unknown).toFixed(0)} ms`;
    told.push(
      `${slow ? `carrier of ${slowMilliseconds} ms` : 'fast carrier'}: ${medians}, AUC ${auc.toFixed(3)}`,
    );
  }
  return { figure: `${told.join('; ')} (${wanted} of each)`, holds: quick ? undefined : holds };
}
