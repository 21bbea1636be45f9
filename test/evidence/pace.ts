/** Pace: how fast codes leave by a slow carrier, how old they are then, and whether any dies in its queue. */
import { caller, put } from '../e2e/people.ts';
import { borrowMeasured, type MeasuredStack, startMeasured } from './inside/stack.ts';
import { grouped, type Measurement } from './measurement.ts';
import { ownLimitsOnly, unhurried } from './policies.ts';
import { quantile } from './statistics.ts';

/** What one request takes at AWS, in milliseconds: assumed, and the same as before paces were fields. */
const latency = { sns: 150, dynamodb: 4 } as const;
const oldest = 5_000;
/** How often the queues may be found full after twenty seconds: a thousand codes take ten at the pace, and a busy machine more. */
const patience = 10;
interface Size {
  /** Of the stage. */
  readonly sms: { readonly perSecond: number; readonly concurrency: number };
  readonly startsPerSecond: number;
  readonly seconds: number;
  /** Started at once, to see how fast they leave. */
  readonly burst: number;
  /** People whose codes are not counted. */
  readonly warming: number;
}

const whole: Size = {
  sms: { perSecond: 100, concurrency: 10 },
  startsPerSecond: 40,
  seconds: 20,
  burst: 1_000,
  warming: 100,
};
const small: Size = { ...unhurried.delivery, startsPerSecond: 4, seconds: 2, burst: 24, warming: 4 };

const numberOf = (place: number) => `+1202555${String(place).padStart(4, '0')}`;

async function enrol(stack: MeasuredStack, count: number): Promise<void> {
  for (let place = 0; place < count; place += 1)
    await put(stack, `pace-${place}`, { phone: numberOf(place) });
}

/** Starts of one person each at an even rate, whatever the answers take. @returns when each was asked for, by number */
async function startEvenly(stack: MeasuredStack, { startsPerSecond, seconds }: Size) {
  const api = caller(stack);
  const asked = new Map<string, number>();
  const answers: Promise<unknown>[] = [];
  const first = Date.now();
  for (let place = 0; place < startsPerSecond * seconds; place += 1) {
    const due = first + (place * 1_000) / startsPerSecond;
    if (due > Date.now()) await new Promise((resolve) => setTimeout(resolve, due - Date.now()));
    asked.set(numberOf(place), Date.now());
    answers.push(api.start(`pace-${place}`, { method: 'SMS' }));
  }
  await Promise.all(answers);
  return asked;
}

/** Of consecutive people from the first, as fast as they are answered. */
async function startAtOnce(stack: MeasuredStack, first: number, count: number): Promise<void> {
  const api = caller(stack);
  const names = Array.from({ length: count }, (_, place) => `pace-${first + place}`);
  const callers = Array.from({ length: 32 }, async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop())
      await api.start(name, { method: 'SMS' });
  });
  await Promise.all(callers);
}

/** When each message left, in epoch milliseconds, once no more leave. */
async function sent(stack: MeasuredStack): Promise<{ readonly to: string; readonly at: number }[]> {
  for (let tries = 0; tries < patience && !(await stack.look('/settled')); tries += 1);
  const entries = await stack.look('/sent');
  return entries.map(({ to, at }) => ({ to, at: Date.parse(at) }));
}

async function slowDown(stack: MeasuredStack): Promise<void> {
  for (const [service, milliseconds] of Object.entries(latency))
    await stack.fault(service as keyof typeof latency, 'slow', 1_000_000, { milliseconds });
}

/** Messages a second, between the first and the last. */
function rateOf(times: readonly number[]): number {
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  return times.length < 2 ? 0 : (times.length - 1) / ((last - first) / 1_000);
}

const dropped = (stack: MeasuredStack): number =>
  stack.log().filter(({ event, outcome }) => event === 'delivery-ended' && outcome === 'dropped').length;

export const pace: Measurement = {
  name: 'pace',
  rows: [
    {
      id: 'pace.age',
      promise: 'At 40 starts a second a code is handed to the carrier within five seconds',
      how: 'starts by SMS at an even rate for 20 s, to a stage with `delivery.sms.perSecond` 100; each request to SNS takes 150 ms and each to DynamoDB 4 ms longer, which is assumed; from the request of the start to the acceptance of the SMS',
    },
    {
      id: 'pace.dropped',
      promise: 'No code dies in its queue',
      how: 'of all codes of this measurement',
    },
    {
      id: 'pace.rate',
      promise: 'SMS leave at the pace that the stage names, and no faster',
      how: 'a thousand starts as fast as the stack answers them; from the first SMS to the last',
    },
  ],

  async measure({ quick }, progress) {
    const size = quick ? small : whole;
    const { sms } = size;
    const stack = await (quick
      ? borrowMeasured(undefined, unhurried)
      : startMeasured(ownLimitsOnly, { delivery: { sms } }));
    try {
      const evenly = size.startsPerSecond * size.seconds;
      const all = evenly + size.burst;
      await enrol(stack, all + size.warming);
      await startAtOnce(stack, all, size.warming); // what functions do once
      await sent(stack);
      await stack.clearOutbox();
      await slowDown(stack);
      const asked = await startEvenly(stack, size);
      const ages = (await sent(stack)).map(({ to, at }) => at - (asked.get(to) ?? 0));
      const [p50, p99] = [quantile(ages, 0.5), quantile(ages, 0.99)];
      progress('ages');
      await stack.clearOutbox();
      await startAtOnce(stack, evenly, size.burst);
      const answered = Date.now();
      const times = (await sent(stack)).map(({ at }) => at).toSorted((one, other) => one - other);
      const rate = rateOf(times);
      // Starts share the local engine with the worker, and are slower than AWS's. What is left then waits in the queue.
      const waiting = times.filter((at) => at >= answered);
      const lost = all - ages.length - times.length;
      return {
        'pace.age': {
          figure: `${grouped(ages.length)} of ${grouped(evenly)} left; p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`,
          holds: quick ? undefined : p99 <= oldest,
        },
        'pace.dropped': {
          figure: `${dropped(stack)} dropped, ${lost} missing of ${grouped(all)}`,
          holds: lost === 0 && dropped(stack) === 0,
        },
        'pace.rate': {
          figure: `${rate.toFixed(1)} a second of ${sms.perSecond}; ${rateOf(waiting).toFixed(1)} of the ${grouped(waiting.length)} that were left when the last start was answered`,
          // The first places begin with a whole batch each.
          holds:
            rate <= sms.perSecond * (quick ? 1.5 : 1.1) && (quick || rateOf(waiting) >= sms.perSecond * 0.9),
        },
      };
    } finally {
      await stack.stop();
    }
  },
};
