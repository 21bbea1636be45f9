/** The world of the model: people, what they have, and what was promised to them. Times are epoch milliseconds. */
import type { Method, Policy } from '../../shared/domain/policy/policy.ts';
import type { Operation } from './operations.ts';

/** An outcome without what a client cannot see. */
export type Answer = { readonly kind: string } & Readonly<Record<string, unknown>>;

export interface World {
  now: number;
  /** Whether what happens now happens at once with something else. */
  isRace: boolean;
  /** Answers and backup codes that are in the race: they count as wrong until they were judged. */
  unjudged: number;
  /** Whether an answer is forgotten that need not be known any longer: nobody can see it where the next is the same. */
  forgets: boolean;
  readonly policy: Policy;
  /** By the key that a name has; see `keyIn`. */
  readonly people: Record<string, Person>;
  /** How often somebody was enrolled under a name that was free, and who has the name now. */
  readonly enrolments: Record<string, number>;
  readonly holders: Record<string, string>;
  /** How a name without an address of its own appears; the same for ever. */
  readonly decoys: Record<string, unknown>;
}

export interface Person {
  /** See `keyIn`. */
  readonly key: string;
  enrolled: { phone?: string | undefined; email?: string | undefined; enabled: boolean } | undefined;
  /** What was promised to any of the person's destinations, oldest first. */
  readonly sent: Promised[];
  /** Wrong attempts by whatever means since the last unlock, oldest first. */
  wrong: number[];
  /** Wrong attempts in a row, by what was guessed at and by which client. */
  rows: Record<string, number>;
  /** Wrong tries at security questions, oldest first. */
  tries: number[];
  /** Right proofs of somebody who was not enabled: they count as wrong until the same proof is taken. */
  inVain: { readonly at: number; readonly proof: string }[];
  /** Every challenge there was, by its id; `current` names the one of each client. */
  readonly challenges: Record<string, Challenge>;
  readonly current: Record<string, string>;
  readonly questions: Record<string, Questions>;
  readonly currentQuestions: Record<string, string>;
  readonly batches: Record<string, Batch>;
  /** Answers by client, path and Idempotency-Key. */
  readonly remembered: Record<string, Remembered>;
  /** Until when attempts were forgotten by an unlock. */
  unlockedAt: number;
  /** When an unlock last gave the day's messages again. */
  messagesGivenBackAt: number;
}

export interface Promised {
  readonly at: number;
  readonly client: string;
  readonly destination: string;
  /** Its code was right. */
  used: boolean;
}

export interface Remembered {
  readonly body: string;
  readonly at: number;
  readonly answer: Answer;
  readonly isOfRace: boolean;
}

export interface Challenge {
  readonly id: string;
  readonly client: string;
  expiresAt: number;
  attempts: number;
  solved: boolean;
  lastGuessAt: number;
  method: Method;
  methods: unknown;
  masks: Record<string, unknown>;
  /** Which code is the right one: that of the last send. */
  sequence: number;
  /** A decoy's code is right for nobody. */
  isDeliverable: boolean;
  sentAt: number;
  delivered: boolean;
  /** When a worker took its message. */
  takenAt: number;
  sendsInRow: number;
  resendAt: number;
}

export interface Questions {
  readonly id: string;
  readonly client: string;
  expiresAt: number;
  attempts: number;
  solved: boolean;
}

export interface Batch {
  readonly id: string;
  readonly codes: number;
  readonly used: number[];
  readonly expiresAt: number;
}

export type Of<Do extends Operation['do']> = Extract<Operation, { readonly do: Do }>;

export const tenMinutes = 600_000;

export const closed: Answer = { kind: 'challenge-closed' };

export const exhausted = (reason: 'stopped' | 'wait' | 'challenge', retryAt?: number): Answer => ({
  kind: 'attempts-exhausted',
  reason,
  ...(retryAt === undefined ? {} : { retryAt }),
});

export function newWorld(policy: Policy, now: number): World {
  return {
    now,
    isRace: false,
    unjudged: 0,
    forgets: false,
    policy,
    people: {},
    enrolments: {},
    holders: {},
    decoys: {},
  };
}

/** Stands for whom a name means now: somebody who was enrolled under it, or nobody. */
export const keyIn = ({ holders }: World, name: string): string => holders[name] ?? name;

/** Whoever the name means now. */
export function personIn(world: World, name: string): Person {
  return personWith(world, keyIn(world, name));
}

/** Of all whom the name has meant, the one with this challenge or these questions. */
export function ownerOf(world: World, name: string, id: string): Person {
  const all = Array.from({ length: world.enrolments[name] ?? 0 }, (_, place) => `${name} ${place + 1}`);
  const owner = [name, ...all].find(
    (key) => id in personWith(world, key).challenges || id in personWith(world, key).questions,
  );
  return personWith(world, owner ?? keyIn(world, name));
}

/** Somebody new has the name from now on. */
export function holdAnew(world: World, name: string): Person {
  const count = (world.enrolments[name] ?? 0) + 1;
  world.enrolments[name] = count;
  world.holders[name] = `${name} ${count}`;
  return personIn(world, name);
}

function personWith(world: World, key: string): Person {
  const person: Person = {
    key,
    enrolled: undefined,
    sent: [],
    messagesGivenBackAt: 0,
    wrong: [],
    rows: {},
    tries: [],
    inVain: [],
    challenges: {},
    current: {},
    questions: {},
    currentQuestions: {},
    batches: {},
    remembered: {},
    unlockedAt: 0,
  };
  world.people[key] ??= person;
  return world.people[key];
}
