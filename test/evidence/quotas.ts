/** Quotas of the whole deployment and the breaker: requests in parallel against each, and how many messages left. */
import { caller, put } from '../e2e/people.ts';
import { type MeasuredStack, startMeasured } from './inside/stack.ts';
import type { Figure, Measurement, Row } from './measurement.ts';
import { ownLimitsOnly } from './policies.ts';
import { codeIn } from './soak/observed.ts';

/** Low ones, the narrower the lower, so that each is what holds in its case. */
const whole = {
  perPrefixPerHour: 12,
  perCountryPerDay: 20,
  perClientPerHour: 25,
  dailyCeilingPerChannel: 30,
};
const small: typeof whole = {
  perPrefixPerHour: 3,
  perCountryPerDay: 4,
  perClientPerHour: 6,
  dailyCeilingPerChannel: 10,
};
/** A tenth of each is kept for important notices; a client sends none. */
const forCodes = (ceiling: number): number => ceiling - Math.floor(ceiling / 10);
/** Concludes early, and is the one thing that holds in its case. */
const breaker = { minimumOutcomes: 30, emailBelowPercent: 30, stopBelowPercent: 10 };
/** Who ask before the breaker trips, and after it. */
const round = 60;

interface Size {
  /** Who ask at once, more than the ceiling lets. */
  people(ceiling: number): number;
  readonly ceilings: typeof whole;
}

interface Case extends Row {
  readonly of: 'ceilings' | 'breaker';
  run(stack: MeasuredStack, size: Size): Promise<Figure>;
}

const policies = {
  ceilings: ({ ceilings }: Size) => ({
    ...ownLimitsOnly,
    sends: { ...ownLimitsOnly.sends, ...ceilings },
  }),
  breaker: () => ({ ...ownLimitsOnly, breaker }),
};

let names = 0;
/** People with a number each, in blocks of a thousand; or with an address each. */
async function enrolled(
  stack: MeasuredStack,
  count: number,
  contactOf: (place: number) => object,
): Promise<string[]> {
  const users: string[] = [];
  for (let place = 0; place < count; place += 1) {
    names += 1;
    const userId = `quota-${names}`;
    await put(stack, userId, contactOf(place));
    users.push(userId);
  }
  return users;
}

const numberOf = (block: number, place: number) => `+120255${50 + block}${String(place).padStart(3, '0')}`;

async function left(stack: MeasuredStack): Promise<number> {
  await stack.settled();
  const messages = await stack.outbox();
  await stack.clearOutbox();
  return messages.filter((message) => codeIn(message) !== undefined).length;
}

/** Quotas are of whole hours and days: a case begins with both, well before their end. */
async function toTheMorning(stack: MeasuredStack): Promise<void> {
  const day = 86_400;
  const now = Math.floor((await stack.look('/now')) / 1000);
  await stack.advance(day - (now % day) + 60);
}

async function against(
  stack: MeasuredStack,
  users: readonly string[],
  method: string,
  clients: readonly ('web-login' | 'credential-provider')[],
  ceiling: number,
): Promise<Figure> {
  const api = caller(stack);
  await Promise.all(
    users.map((userId, place) =>
      api.start(userId, { method }, { client: clients[place % clients.length] as 'web-login' }),
    ),
  );
  const sent = await left(stack);
  return { figure: `${users.length} asked for, ${sent} left of ${ceiling}`, holds: sent === ceiling };
}

const list: readonly Case[] = [
  {
    id: 'quotas.prefix',
    promise: 'A block of numbers gets no more codes in an hour than policy says',
    how: 'people with numbers that differ in the last three digits only, started in parallel, each once',
    of: 'ceilings',
    run: async (stack, { people, ceilings }) =>
      against(
        stack,
        await enrolled(stack, people(ceilings.perPrefixPerHour), (place) => ({ phone: numberOf(0, place) })),
        'SMS',
        ['web-login'],
        forCodes(ceilings.perPrefixPerHour),
      ),
  },
  {
    id: 'quotas.country',
    promise: 'A country gets no more codes in a day than policy says',
    how: 'people with numbers in three blocks of one country, by SMS, started in parallel by two clients',
    of: 'ceilings',
    run: async (stack, { people, ceilings }) =>
      against(
        stack,
        await enrolled(stack, people(ceilings.perCountryPerDay), (place) => ({
          phone: numberOf(place % 3, place),
        })),
        'SMS',
        ['web-login', 'credential-provider'],
        forCodes(ceilings.perCountryPerDay),
      ),
  },
  {
    id: 'quotas.client',
    promise: 'A client gets no more codes sent in an hour than policy says',
    how: 'people with an address each, started in parallel by one client',
    of: 'ceilings',
    run: async (stack, { people, ceilings }) =>
      against(
        stack,
        await enrolled(stack, people(ceilings.perClientPerHour), (place) => ({
          email: `quota-${place}@example.com`,
        })),
        'Email',
        ['web-login'],
        ceilings.perClientPerHour,
      ),
  },
  {
    id: 'quotas.channel',
    promise: 'A channel carries no more codes in a day than policy says',
    how: 'people with an address each, started in parallel by two clients',
    of: 'ceilings',
    run: async (stack, { people, ceilings }) =>
      against(
        stack,
        await enrolled(stack, people(ceilings.dailyCeilingPerChannel), (place) => ({
          email: `quota-${place}@example.com`,
        })),
        'Email',
        ['web-login', 'credential-provider'],
        forCodes(ceilings.dailyCeilingPerChannel),
      ),
  },
  {
    id: 'quotas.breaker',
    promise: 'Messages to a country whose codes nobody uses come to an end',
    how: 'people of one country who never type a code in, two minutes between a first and a second round; the breaker concludes from thirty numbers',
    of: 'breaker',
    async run(stack) {
      const users = await enrolled(stack, 2 * round, (place) => ({ phone: numberOf(place % 3, place) }));
      const api = caller(stack);
      const ask = async (some: readonly string[]) => {
        await Promise.all(some.map((userId) => api.start(userId, { method: 'SMS' })));
        return left(stack);
      };
      const before = await ask(users.slice(0, round));
      await stack.advance(125);
      const isTripped = () => stack.log().some(({ event }) => event === 'breaker-tripped');
      for (let turn = 0; turn < 100 && !isTripped(); turn += 1)
        await new Promise((resolve) => setTimeout(resolve, 100));
      const after = await ask(users.slice(round));
      return {
        figure: `${round} asked for, ${before} left; then ${round} asked for, ${after} left`,
        holds: before === round && after === 0,
      };
    },
  },
];

export const quotas: Measurement = {
  name: 'quotas',
  rows: list.map(({ id, promise, how }) => ({ id, promise, how })),
  async measure({ quick }, progress) {
    const figures: Record<string, Figure> = {};
    const size: Size = quick
      ? { people: (ceiling) => ceiling + 2, ceilings: small }
      : { people: () => 200, ceilings: whole };
    // The enumeration trips the breaker in small sizes, and fails where messages go on.
    if (quick) figures['quotas.breaker'] = { figure: 'left out of small sizes', holds: undefined };
    for (const limit of quick ? (['ceilings'] as const) : (['ceilings', 'breaker'] as const)) {
      const stack = await startMeasured(policies[limit](size));
      try {
        for (const { id, run } of list.filter((each) => each.of === limit)) {
          await toTheMorning(stack);
          figures[id] = await run(stack, size);
          progress(id);
        }
      } finally {
        await stack.stop();
      }
    }
    return figures;
  },
};
