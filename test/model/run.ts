/** One run of the model against the domain: commands for fast-check, each of which compares what it sees. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { type Account, accountOf, accountOfPerson, breaches } from './account.ts';
import { clients, operationOf } from './draws.ts';
import { explain } from './explain.ts';
import {
  type Attempt,
  between,
  type Draw,
  draw,
  type Operation,
  pause,
  race,
  type Siege,
  siege,
} from './operations.ts';
import type { Trial } from './trial.ts';
import { type Person, personIn, type World } from './world.ts';

/** What may be true, as far as the answers tell. */
export interface Possible {
  worlds: World[];
}

type Step = fc.AsyncCommand<Possible, Trial, false>;

/** How many commands and requests ran, for who reports it. */
export const ran = { commands: 0, requests: 0, races: 0, widest: 0 };

/** Asks for operations at once, and explains their answers and then the stored records. */
export async function ask(possible: Possible, trial: Trial, operations: readonly Operation[]): Promise<void> {
  const { ground } = trial;
  const { clock, keyring, policy } = ground.backend;
  ground.advance(1); // no two commands happen at one time, except those that race
  const now = clock.now();
  for (const world of possible.worlds) {
    world.now = now;
    world.isRace = operations.length > 1;
    world.unjudged = world.isRace
      ? operations.filter(({ do: what }) => what === 'use' || what === 'check').length
      : 0;
  }
  trial.asked = operations.at(-1);
  const answers = await Promise.all(operations.map((operation) => trial.perform(operation)));
  const observed = operations.map((operation, place) => ({ operation, answer: answers[place] as never }));
  ran.commands += 1;
  ran.requests += operations.length;
  ran.races += operations.length > 1 ? 1 : 0;
  possible.worlds = explain(possible.worlds, observed);
  ran.widest = Math.max(ran.widest, possible.worlds.length);
  for (const user of new Set(operations.flatMap((one) => ('user' in one ? [one.user] : [])))) {
    const record = await trial.read(user);
    if (record === undefined) continue;
    const broken = breaches(record, policy, clients.length + 1);
    if (broken.length > 0) throw new Error(`the record breaks: ${broken.join('; ')}`);
    const stored = accountOf(record, keyring, now, policy);
    for (const world of possible.worlds) adoptRace(personIn(world, user), stored, world);
    const told = possible.worlds.map((world) => accountOfPerson(personIn(world, user), now, policy));
    possible.worlds = possible.worlds.filter((_, place) => isDeepStrictEqual(told[place], stored));
    if (possible.worlds.length > 0) continue;
    const what = operations.map((one) => one.do).join(', ');
    const lines = [`stored    ${JSON.stringify(stored)}`, `expected  ${JSON.stringify(told[0])}`];
    throw new Error([`After ${what} the counts differ, at ${now}:`, ...lines].join('\n'));
  }
}

/**
 * Answers and backup codes count as wrong until they were judged. Whether those count that lost a race to a right
 * one is not promised, so that what was written is taken for it.
 */
function adoptRace(person: Person, stored: Account, { now, unjudged }: World): void {
  if (unjudged === 0) return;
  const unsettled = Object.keys({ ...stored.rows, ...person.rows }).filter((row) =>
    /^(kba|backup-code) /.test(row),
  );
  for (const means of unsettled)
    if (Math.abs((stored.rows[means] ?? 0) - (person.rows[means] ?? 0)) <= unjudged || !stored.rows[means])
      person.rows[means] = stored.rows[means] ?? 0;
  for (const list of ['wrong', 'tries'] as const) {
    const ofNow = (times: readonly number[]) => times.filter((at) => at === now);
    const [written, told] = [ofNow(stored[list]), ofNow(person[list])];
    if (Math.abs(written.length - told.length) > unjudged) continue;
    person[list] = [...person[list].filter((at) => at !== now), ...written];
  }
}

class Request implements Step {
  readonly draw: Draw;
  constructor(drawn: Draw) {
    this.draw = drawn;
  }
  check = () => true;
  async run(possible: Possible, trial: Trial): Promise<void> {
    const operation = operationOf(this.draw, trial);
    if (operation !== undefined) await ask(possible, trial, [operation]);
  }
  toString = () => told(this.draw);
}

class Race implements Step {
  readonly draws: readonly Draw[];
  constructor(drawn: readonly Draw[]) {
    this.draws = drawn;
  }
  check = () => true;
  async run(possible: Possible, trial: Trial): Promise<void> {
    const operations = this.draws.flatMap((one) => operationOf(one, trial) ?? []);
    if (operations.length > 0) await ask(possible, trial, operations);
  }
  toString = () => `at once [${this.draws.map(told).join(', ')}]`;
}

class Wait implements Step {
  readonly seconds: number;
  constructor(seconds: number) {
    this.seconds = seconds;
  }
  check = () => true;
  async run(_: Possible, { ground }: Trial): Promise<void> {
    ground.advance(this.seconds * 1000);
  }
  toString = () => `wait ${this.seconds} s`;
}

/** Until a millisecond before, at or after what an answer named: the end of a gap, of a code, of a wait. */
class WaitUntil implements Step {
  readonly place: number;
  readonly offset: number;
  constructor(place: number, offset: number) {
    this.place = place;
    this.offset = offset;
  }
  check = () => true;
  async run(_: Possible, { ground, instants }: Trial): Promise<void> {
    const now = ground.backend.clock.now();
    const coming = [...instants].filter((at) => at > now + 2).toSorted((one, other) => one - other);
    const at = coming[this.place % Math.max(1, coming.length)];
    if (at !== undefined) ground.advance(at + this.offset - 1 - now);
  }
  toString = () => `wait for instant ${this.place}${this.offset < 0 ? '' : '+'}${this.offset}`;
}

class Sieged implements Step {
  readonly siege: Siege;
  constructor(siege: Siege) {
    this.siege = siege;
  }
  check = () => true;
  async run(possible: Possible, trial: Trial): Promise<void> {
    const { draw: drawn, attempt, renew, times, pauseSeconds, endsRight } = this.siege;
    const act = async (what: Operation['do'], typed: Attempt) => {
      const operation = operationOf({ ...drawn, do: what, attempt: typed }, trial);
      if (operation !== undefined) await ask(possible, trial, [operation]);
    };
    await act(renew === 'resend' ? 'start' : renew, 'right');
    for (let time = 1; time <= times; time += 1) {
      if (time > 1 && pauseSeconds > 0 && renew !== 'generate') await act(renew, 'right');
      await act(attempt, 'wrong-1');
      trial.ground.advance(pauseSeconds * 1000);
    }
    if (!endsRight) return;
    await act(attempt, 'right');
    await act(attempt, 'right'); // what was used is used
  }
  toString = () => {
    const { draw: drawn, renew, times, pauseSeconds, endsRight } = this.siege;
    return `${times} times every ${pauseSeconds} s ${renew}, ${told(drawn)}${endsRight ? ', then right' : ''}`;
  };
}

/** A challenge that is started, then something else, and then its code. */
class Between implements Step {
  readonly draw: Draw;
  readonly what: Operation['do'];
  constructor(drawn: Draw, what: Operation['do']) {
    this.draw = { ...drawn, back: 0, isForeign: false, key: undefined };
    this.what = what;
  }
  check = () => true;
  async run(possible: Possible, trial: Trial): Promise<void> {
    for (const what of ['start', this.what, 'verify'] as const) {
      const operation = operationOf({ ...this.draw, do: what, attempt: 'right' }, trial);
      if (operation !== undefined) await ask(possible, trial, [operation]);
    }
  }
  toString = () => `start, ${this.what}, verify ${told(this.draw)}`;
}

/** The last request, once more. */
class Again implements Step {
  check = () => true;
  async run(possible: Possible, trial: Trial): Promise<void> {
    if (trial.asked !== undefined) await ask(possible, trial, [trial.asked]);
  }
  toString = () => 'again';
}

function told({ do: what, user, client, back, isForeign, attempt, method, key, contact }: Draw): string {
  const details = [
    `u${user}`,
    `c${client}`,
    `-${back}`,
    isForeign && 'foreign',
    attempt,
    method,
    key,
    contact,
  ];
  return `${what}(${details.filter((one) => one !== false && one !== undefined).join(' ')})`;
}

/** @param replayPath of a failure, to run its commands alone. */
export function steps(replayPath: string | undefined) {
  return fc.commands<Possible, Trial, false>(
    [
      ...Array.from({ length: 6 }, () => draw.map((drawn) => new Request(drawn))),
      pause.map((seconds) => new Wait(seconds)),
      fc.tuple(fc.nat({ max: 3 }), fc.integer({ min: -1, max: 1 })).map((at) => new WaitUntil(...at)),
      race.map((drawn) => new Race(drawn)),
      siege.map((one) => new Sieged(one)),
      siege.map((one) => new Sieged(one)),
      fc.constant(new Again()),
      fc.tuple(draw, between).map((parts) => new Between(...parts)),
    ],
    { maxCommands: 50, size: 'max', ...(replayPath === undefined ? {} : { replayPath }) },
  );
}
