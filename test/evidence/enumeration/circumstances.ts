/** Names that are asked for side by side, in calm, while a carrier is down and while a breaker holds. */
import { honestly, put, until, wrong } from '../../e2e/people.ts';
import { recoverer, wrongAnswers } from '../../e2e/recovering.ts';
import type { Json, StackAnswer } from '../../stack.ts';
import { appearanceOf } from '../appearance.ts';
import type { MeasuredStack } from '../inside/stack.ts';
import { type Asked, contactOf, nameOf, namesOf, type Organisation } from './names.ts';
import { pageOf } from './page.ts';
import { disclosedAfter } from './told.ts';

export const circumstances = ['calm', 'outage', 'breaker'] as const;
export type Circumstance = (typeof circumstances)[number];

/** What is seen of one name at one step. */
interface Look {
  readonly step: string;
  readonly shape: string;
  /** Seconds until whatever the answer says that comes. */
  readonly waits: readonly number[];
}

export interface Compared {
  readonly names: number;
  readonly answers: number;
  readonly differences: number;
}

interface Round {
  /** Absent: the client leaves it to the policy. */
  readonly method?: 'SMS' | 'Email' | 'Call';
  readonly down?: 'sns' | 'ses' | 'connect';
}

/** The first alone in small sizes. */
const rounds: Readonly<Record<Circumstance, readonly Round[]>> = {
  calm: [{}, { method: 'Email' }, { method: 'Call' }],
  outage: [{ down: 'sns' }, { method: 'Email', down: 'ses' }, { method: 'Call', down: 'connect' }],
  breaker: [{}, { method: 'Call' }],
};
/** Until each retry after a carrier's fault. */
const retriesAfter = [1, 4, 10, 30];
const daySeconds = 86_400;
/** Between two names of a step the machine may be busy; waits that differ do so by more. */
const toleranceSeconds = 5;

/**
 * @param progress is told at which steps a name looks like nobody who is enrolled
 * @throws when the trouble that is to be measured did not come about
 */
export async function compareIn(
  circumstance: Circumstance,
  organisation: Organisation,
  stack: MeasuredStack,
  quick: boolean,
  progress: (line: string) => void,
): Promise<Compared> {
  const ofDay = Math.floor((await stack.now()) / 1000) % daySeconds;
  await stack.advance(2 * daySeconds - ofDay + 60); // the breaker counts by the hour
  if (circumstance === 'breaker') await tripBreaker(stack);
  const sum = { names: 0, answers: 0, differences: 0 };
  for (const [place, round] of rounds[circumstance].slice(0, quick ? 1 : undefined).entries()) {
    const turn = `${circumstance}-${place}`;
    const asked = namesOf(organisation, turn, quick);
    for (const { name, contact } of asked) if (contact) await put(stack, name, contact);
    if (round.down) await bringDown(stack, round.down, round.method ?? 'SMS', turn);
    const looks = await timeline(stack, asked, round, circumstance, quick);
    await stack.clearFaults();
    await stack.advance(300); // until the trouble is not expected to last
    sum.names += asked.length;
    sum.answers += looks.reduce((count, { length }) => count + length, 0);
    for (const [at, name] of asked.entries()) {
      const differing = differencesOf(organisation, asked, looks, at);
      sum.differences += differing.length;
      for (const step of differing)
        progress(`${organisation}, ${circumstance}, ${JSON.stringify(round)}: ${name.name} at "${step}"`);
    }
  }
  return sum;
}

/** Of thirty people and a few more none types a code in. */
async function tripBreaker(stack: MeasuredStack): Promise<void> {
  const api = recoverer(stack);
  const tripped = () => stack.log().filter(({ event }) => event === 'breaker-tripped').length;
  const before = tripped();
  const crowd = Array.from({ length: 34 }, (_, place) => nameOf('crowd', String(place)));
  for (const [place, userId] of crowd.entries())
    await put(stack, userId, { phone: `+12025558${String(place).padStart(3, '0')}` });
  for (const userId of crowd) await honestly(() => api.start(userId, { method: 'SMS' }));
  await stack.settled();
  await stack.advance(121);
  await until(
    async () => tripped(),
    (count) => count > before,
  );
}

/** The first message of an outage is somebody else's. */
async function bringDown(
  stack: MeasuredStack,
  service: NonNullable<Round['down']>,
  method: string,
  turn: string,
): Promise<void> {
  const userId = nameOf('first', turn);
  await put(stack, userId, contactOf(userId));
  await stack.fault(service, 'error', 100_000);
  await recoverer(stack).start(userId, { method });
  await stack.look('/settled-soon');
}

/** Every step for all names in turn, before the clock moves on. */
async function timeline(
  stack: MeasuredStack,
  asked: readonly Asked[],
  { method }: Round,
  circumstance: Circumstance,
  quick: boolean,
): Promise<readonly (readonly Look[])[]> {
  const api = recoverer(stack);
  const looks: Look[][] = asked.map(() => []);
  const each = async (step: string, act: (name: string, place: number) => Promise<StackAnswer>) => {
    const bodies: Json[] = [];
    for (const [place, { name }] of asked.entries()) {
      const askedAt = Date.now();
      const answer = await act(name, place);
      looks[place]?.push({ step, shape: appearanceOf(answer, true), waits: waitsOf(answer, askedAt) });
      bodies.push(answer.body);
    }
    return bodies;
  };
  const started = await each('start', (name) => api.start(name, method ? { method } : {}));
  const ids = started.map(({ challengeId }) => challengeId as string);
  const methods = [started[0].method];
  const status = async (step: string) => {
    const [first] = await each(`status ${step}`, (_, place) => api.status(ids[place] as string));
    methods.push(first.method);
  };
  await stack.look('/settled-soon');
  const told = (seconds: number) => status(`${seconds} s later`);
  if (circumstance === 'outage') await afterRetries(stack, told);
  else await whenTold(stack, 0, told);
  if (new Set(methods).size > 1 !== (circumstance !== 'calm'))
    throw new Error(`${circumstance} was shown as ${methods}`);
  await stack.advance(31);
  await each('resend', (_, place) => api.resend(ids[place] as string));
  await each('resend in the gap', (_, place) => api.resend(ids[place] as string));
  await each('start in the gap', (name) => api.start(name));
  await stack.look('/settled-soon');
  await stack.advance(4);
  await status('of the resend');
  for (let attempt = 1; attempt <= (quick ? 2 : 6); attempt += 1)
    await each(`wrong code ${attempt}`, (_, place) =>
      api.verify(ids[place] as string, wrong('000000', attempt)),
    );
  await status('in the end');
  const questions = await each('questions', (name) => api.askQuestions(name));
  await each('wrong answers', (_, place) => api.check(questions[place], wrongAnswers));
  if (!quick) await furtherLooks(stack, asked, looks, each);
  return looks;
}

/** Lets one retry after the other come, and looks after each that the next one leaves time for. */
async function afterRetries(
  stack: MeasuredStack,
  look: (seconds: number) => Promise<unknown>,
): Promise<void> {
  for (const seconds of retriesAfter) {
    await stack.advance(seconds);
    await stack.look('/settled-soon');
    if (seconds >= disclosedAfter) await whenTold(stack, seconds, look);
  }
}

async function whenTold(
  stack: MeasuredStack,
  seconds: number,
  look: (seconds: number) => Promise<unknown>,
): Promise<void> {
  await stack.advance(disclosedAfter);
  await stack.look('/settled-soon');
  await look(seconds);
}

/** A recovery by the alternate address, whose carrier may be down as well, and the sign-in page. */
async function furtherLooks(
  stack: MeasuredStack,
  asked: readonly Asked[],
  looks: readonly Look[][],
  each: (step: string, act: (name: string, place: number) => Promise<StackAnswer>) => Promise<Json[]>,
): Promise<void> {
  const api = recoverer(stack);
  const begun: Json[] = [];
  for (const { name } of asked) begun.push(await api.begin(name, { path: 'otp-alternate-email' }));
  const recoveries = await each('recovery', (_, place) => api.read(begun[place].recoveryId));
  await afterRetries(stack, (seconds) =>
    each(`recovery ${seconds} s later`, async (_, place) => {
      const { recoveryId, step } = recoveries[place];
      const answer = await api.status(step.challenge.challengeId);
      return { ...answer, body: { ...answer.body, recoveryId } }; // its code goes to a private inbox
    }),
  );
  for (const [place, { name }] of asked.entries())
    looks[place]?.push({ step: 'page', shape: await pageOf(stack, name), waits: [] });
}

/** Steps at which a name looks like none of those who are enrolled, or in a uniform organisation unlike the first. */
function differencesOf(
  organisation: Organisation,
  asked: readonly Asked[],
  looks: readonly (readonly Look[])[],
  at: number,
): readonly string[] {
  const own = looks[at] ?? [];
  const people = looks.filter(
    (_, place) => asked[place]?.contact !== undefined && asked[place].domain === asked[at]?.domain,
  );
  const compared = organisation === 'uniform' ? people.slice(0, 1) : people;
  const differing = compared.map((person) =>
    own.flatMap((look, place) => (isAlike(look, person[place]) ? [] : [look.step])),
  );
  return differing.toSorted((one, other) => one.length - other.length)[0] ?? ['nobody to compare with'];
}

function isAlike(one: Look, other: Look | undefined): boolean {
  return (
    one.shape === other?.shape &&
    one.waits.length === other.waits.length &&
    one.waits.every((wait, place) => Math.abs(wait - (other.waits[place] ?? 0)) < toleranceSeconds)
  );
}

function waitsOf({ headers, body }: StackAnswer, askedAt: number): readonly number[] {
  const waits: number[] = [];
  const after = headers.get('retry-after');
  if (after !== null) waits.push(Number(after));
  JSON.stringify(body, (name, value) => {
    if (name.endsWith('At') && typeof value === 'string') waits.push((Date.parse(value) - askedAt) / 1000);
    return value;
  });
  return waits;
}
