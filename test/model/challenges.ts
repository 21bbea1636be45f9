/**
 * What the API promises about challenges, as a model that one can read: pure, and with nothing of how it is kept.
 *
 * `expected` says what an operation must answer and changes the world accordingly. Where the promise leaves room
 * (the id of a new challenge, how a decoy looks, how long beyond ten minutes a replay is known), it is taken from
 * what was `seen`. Times are epoch milliseconds.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Method, Policy } from '../../shared/domain/policy.ts';
import type { Operation } from './operations.ts';

/** An outcome without what a client cannot see. */
export type Answer = { readonly kind: string } & Readonly<Record<string, unknown>>;

export interface World {
  now: number;
  /** Whether what happens now happens at once with something else. */
  isRace: boolean;
  /** Answers and backup codes that are in the race: they count as wrong until they were judged. */
  unjudged: number;
  readonly policy: Policy;
  readonly people: Record<string, Person>;
  /** When messages to a destination were promised, oldest first. */
  readonly sent: Record<string, number[]>;
  /** How a name without an address of its own appears; the same for ever. */
  readonly decoys: Record<string, unknown>;
}

export interface Person {
  enrolled: { phone?: string | undefined; email?: string | undefined; enabled: boolean } | undefined;
  /** When messages to any of the person's destinations were promised, oldest first. */
  readonly sent: number[];
  /** Wrong attempts by whatever means since the last unlock, oldest first. */
  wrong: number[];
  /** Wrong attempts in a row, by what was guessed at. */
  rows: Record<string, number>;
  /** Wrong tries at security questions, oldest first. */
  tries: number[];
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
}

interface Remembered {
  readonly body: string;
  readonly at: number;
  readonly answer: Answer;
  readonly isOfRace: boolean;
}

interface Challenge {
  readonly id: string;
  readonly client: string;
  expiresAt: number;
  guesses: number;
  solved: boolean;
  lastGuessAt: number;
  method: Method;
  methods: unknown;
  masks: Record<string, unknown>;
  /** Which code is the right one: that of the last send. */
  sequence: number;
  /** A decoy's code is right for nobody. */
  genuine: boolean;
  sentAt: number;
  delivered: boolean;
  sendsInRow: number;
  resendAt: number;
}

interface Questions {
  readonly id: string;
  readonly client: string;
  readonly expiresAt: number;
  guesses: number;
  solved: boolean;
}

interface Batch {
  readonly id: string;
  readonly codes: number;
  readonly used: number[];
  readonly expiresAt: number;
}

const tenMinutes = 600_000;
/** For so long every message is said to be queued, so that nobody can time its carrier. */
const undisclosed = 3_000;
const mayBeLostAfter = 1_000;
const closed: Answer = { kind: 'challenge-closed' };
const exhausted: Answer = { kind: 'attempts-exhausted' };

export function newWorld(policy: Policy, now: number): World {
  return { now, isRace: false, unjudged: 0, policy, people: {}, sent: {}, decoys: {} };
}

export function personIn(world: World, name: string): Person {
  const person: Person = {
    enrolled: undefined,
    sent: [],
    wrong: [],
    rows: {},
    tries: [],
    challenges: {},
    current: {},
    questions: {},
    currentQuestions: {},
    batches: {},
    remembered: {},
    unlockedAt: 0,
  };
  world.people[name] ??= person;
  return world.people[name];
}

/** Changes the world as the operation does, and says what its answer is. */
export function expected(world: World, operation: Operation, seen: Answer): Answer {
  switch (operation.do) {
    case 'start':
      return start(world, operation, seen);
    case 'resend':
      return resend(world, operation, seen);
    case 'status':
      return status(world, operation, seen);
    case 'verify':
      return verify(world, operation, seen);
    case 'deliver':
      return deliver(world);
    case 'ask':
      return ask(world, operation, seen);
    case 'check':
      return check(world, operation, seen);
    case 'generate':
      return generate(world, operation, seen);
    case 'use':
      return use(world, operation, seen);
    case 'unlock':
      return unlock(world, operation);
    case 'enrol':
      return enrol(world, operation);
    case 'remove':
      return remove(world, operation);
  }
}

type Of<Do extends Operation['do']> = Extract<Operation, { readonly do: Do }>;

// ---- Sending -------------------------------------------------------------------------------------------------

function start(world: World, { user, client, method, key }: Of<'start'>, seen: Answer): Answer {
  const { now, policy } = world;
  const person = personIn(world, user);
  return once(world, person, replayKey(client, 'start', key), { method }, () => {
    const previous = currentOf(person, client);
    const unsolved = previous?.solved === false;
    const isOpen = unsolved && previous.expiresAt > now;
    if (unsolved && previous.resendAt > now) {
      // Inside the gap nothing is sent: the open challenge is the answer, and when there is none, when to come again.
      return isOpen ? view(world, previous) : { kind: 'rate-limited', retryAt: previous.resendAt };
    }
    const enrolled = methodsOf(person);
    const by = method ?? enrolled[0] ?? (learned(world, `${user} method`, seen['method']) as Method);
    const retryAt = spendSend(world, person, addressOf(person, by) ?? `decoy ${kindOf(by)} of ${user}`, seen);
    if (retryAt !== undefined) return { kind: 'rate-limited', retryAt };
    const sendsInRow = (isOpen ? previous.sendsInRow : 0) + 1;
    const expiresAt = now + policy.otp.lifetimeSeconds * 1000;
    const challenge: Challenge = {
      id: newId(world, seen),
      client,
      expiresAt,
      guesses: 0,
      solved: false,
      lastGuessAt: 0,
      method: by,
      methods:
        enrolled.length > 0 ? alike([...enrolled, by]) : learned(world, `${user} by ${by}`, seen['methods']),
      masks: { phone: maskOf(person, 'phone'), email: maskOf(person, 'email') },
      sequence: 1,
      genuine: isUsable(world, person, by, expiresAt),
      sentAt: now,
      delivered: false,
      sendsInRow,
      resendAt: now + gap(policy, sendsInRow),
    };
    challenge.masks[kindOf(by)] ??= learned(world, `${user} ${kindOf(by)}`, seen['destination']);
    person.challenges[challenge.id] = challenge;
    person.current[client] = challenge.id;
    return view(world, challenge);
  });
}

function resend(world: World, { user, client, of, method, key }: Of<'resend'>, seen: Answer): Answer {
  const { now, policy } = world;
  const person = personIn(world, user);
  const challenge = ownChallenge(person, client, of);
  if (challenge === undefined) return closed;
  return once(world, person, replayKey(client, `resend ${of}`, key), { method }, () => {
    if (!isOpen(world, person, challenge)) return closed;
    if (challenge.guesses >= policy.otp.attempts) return exhausted;
    const by = method ?? challenge.method;
    if (challenge.resendAt > now) {
      // A message that nobody has taken for so long may be lost: it is queued again, with the same code.
      const mayBeLost = !challenge.delivered && now >= challenge.sentAt + mayBeLostAfter;
      if (mayBeLost && by === challenge.method) return view(world, challenge);
      return { kind: 'rate-limited', retryAt: challenge.resendAt };
    }
    const retryAt = spendSend(world, person, addressOf(person, by) ?? `decoy ${kindOf(by)} of ${user}`, seen);
    if (retryAt !== undefined) return { kind: 'rate-limited', retryAt };
    if (!(challenge.methods as Method[]).includes(by)) challenge.methods = seen['methods'];
    // What is shown is where codes go; where none goes, what was shown before.
    if (person.enrolled?.enabled && addressOf(person, by))
      challenge.masks[kindOf(by)] = maskOf(person, kindOf(by));
    challenge.masks[kindOf(by)] ??= learned(world, `${user} ${kindOf(by)}`, seen['destination']);
    challenge.method = by;
    challenge.sequence += 1; // the code before this one is dead; attempts and expiry stay
    challenge.genuine = isUsable(world, person, by, challenge.expiresAt);
    challenge.sentAt = now;
    challenge.delivered = false;
    challenge.sendsInRow += 1;
    challenge.resendAt = now + gap(policy, challenge.sendsInRow);
    return view(world, challenge);
  });
}

function gap({ sends: { gapsSeconds } }: Policy, sendsInRow: number): number {
  return (gapsSeconds[sendsInRow - 1] ?? gapsSeconds.at(-1) ?? 0) * 1000;
}

/** Counts a message to a destination, whoever the user is, and of the user; or says when there is room for it. */
function spendSend(world: World, person: Person, destination: string, seen: Answer): number | undefined {
  const { sent, policy, now, isRace } = world;
  const { perUserPerDay, perTenMinutes, perHour, perDay } = policy.sends;
  const roomAt = (times: readonly number[], most: number, milliseconds: number) =>
    (times.at(-most) ?? Number.NEGATIVE_INFINITY) + milliseconds;
  sent[destination] ??= [];
  const before = sent[destination];
  const ofUser = roomAt(person.sent, perUserPerDay, 86_400_000);
  const ofDestination = Math.max(
    roomAt(before, perTenMinutes, 600_000),
    roomAt(before, perHour, 3_600_000),
    roomAt(before, perDay, 86_400_000),
  );
  // The user's is looked at first, but in a race perhaps before it was full.
  const limits = [
    ...(ofUser > now ? [ofUser] : []),
    ...(ofDestination > now ? [Math.max(ofDestination, now + 1000)] : []),
  ];
  if (limits.length > 0)
    return isRace ? (limits.find((at) => at === seen['retryAt']) ?? limits[0]) : limits[0];
  before.push(now);
  person.sent.push(now);
  return undefined;
}

/** Every send that is the last of its open challenge leaves, once; a decoy's leaves only as it seems. */
function deliver(world: World): Answer {
  const messages: unknown[] = [];
  for (const person of Object.values(world.people)) {
    for (const id of Object.values(person.current)) {
      const challenge = person.challenges[id] as Challenge;
      if (challenge.delivered || challenge.solved || challenge.expiresAt <= world.now) continue;
      challenge.delivered = true;
      const to = challenge.genuine ? addressOf(person, challenge.method) : undefined;
      if (to !== undefined)
        messages.push({ id, sequence: challenge.sequence, method: challenge.method, to, isRight: true });
    }
  }
  return { kind: 'delivered', messages: messages.toSorted(byText) };
}

export function byText(one: unknown, other: unknown): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}

// ---- Guessing ------------------------------------------------------------------------------------------------

function verify(world: World, operation: Of<'verify'>, seen: Answer): Answer {
  const { user, client, of, typed, key } = operation;
  const { now, policy } = world;
  const person = personIn(world, user);
  const challenge = ownChallenge(person, client, of);
  if (challenge === undefined) return closed;
  return onceJudged(world, person, replayKey(client, `verify ${of}`, key), typed, seen, () => {
    if (!isOpen(world, person, challenge)) return closed;
    if (challenge.guesses >= policy.otp.attempts) return exhausted;
    const refusal = refusalBy(lockOf(person, now, policy)) ?? refusalInRace(world, person, seen);
    if (refusal) return refusal;
    challenge.guesses += 1;
    challenge.lastGuessAt = now;
    const isRight = operation.isCodeOf === `${challenge.id} ${challenge.sequence}`;
    if (isRight && challenge.genuine) {
      challenge.solved = true;
      person.rows[challenge.method] = 0;
      return { kind: 'verified', userId: user, method: challenge.method, at: now };
    }
    countWrong(person, challenge.method, now);
    return { kind: 'code-rejected', attemptsRemaining: policy.otp.attempts - challenge.guesses };
  });
}

function status(world: World, { user, client, of }: Of<'status'>, seen: Answer): Answer {
  const person = personIn(world, user);
  const challenge = ownChallenge(person, client, of);
  if (challenge === undefined) return closed;
  const isCurrent = person.current[client] === of;
  // One that another took the place of need not be known for longer than its guesses may be repeated.
  const isRecent = challenge.lastGuessAt > world.now - tenMinutes;
  if (!isCurrent && !(challenge.solved && isRecent) && isDeepStrictEqual(seen, closed)) return closed;
  const isPending = isOpen(world, person, challenge) && challenge.guesses < world.policy.otp.attempts;
  const isDisclosed = challenge.solved || world.now >= challenge.sentAt + undisclosed;
  return {
    ...view(world, challenge),
    kind: 'status',
    status: challenge.solved ? 'verified' : isPending ? 'pending' : 'closed',
    delivery: challenge.delivered && isDisclosed ? 'sent' : 'queued',
    // What is left of a challenge that was used says nothing.
    ...(challenge.solved ? { attemptsRemaining: seen['attemptsRemaining'] } : {}),
  };
}

function ask(world: World, { user, client, key }: Of<'ask'>, seen: Answer): Answer {
  const { now } = world;
  const person = personIn(world, user);
  return once(world, person, replayKey(client, 'ask', key), {}, () => {
    const expiresAt = now + tenMinutes;
    const id = newId(world, seen);
    person.questions[id] = { id, client, expiresAt, guesses: 0, solved: false };
    person.currentQuestions[client] = id;
    return { kind: 'questions', challengeId: id, expiresAt };
  });
}

function check(world: World, operation: Of<'check'>, seen: Answer): Answer {
  const { user, client, of, given, isRight, key } = operation;
  const { now, policy } = world;
  const { tries, windowSeconds } = policy.kba;
  const person = personIn(world, user);
  const asked = person.questions[of];
  if (asked?.client !== client) return closed;
  // A new challenge takes the place of the old one, and what was answered there with it.
  if (person.currentQuestions[client] !== of && isDeepStrictEqual(seen, closed)) return closed;
  return onceJudged(world, person, replayKey(client, `check ${of}`, key), given, seen, () => {
    if (person.currentQuestions[client] !== of || asked.expiresAt <= now || asked.solved) return closed;
    const inWindow = () => person.tries.filter((at) => at > now - windowSeconds * 1000);
    if (inWindow().length >= tries)
      return { ...exhausted, retryAt: (person.tries.at(-tries) as number) + windowSeconds * 1000 };
    if (asked.guesses >= tries) return exhausted;
    const refusal = refusalBy(lockOf(person, now, policy)) ?? refusalInRace(world, person, seen);
    if (refusal) return refusal;
    asked.guesses += 1;
    if (isRight && person.enrolled?.enabled) {
      asked.solved = true;
      person.rows['kba'] = 0;
      return { kind: 'verified', userId: user, at: now };
    }
    countWrong(person, 'kba', now);
    person.tries.push(now);
    const left = Math.min(tries - asked.guesses, tries - inWindow().length);
    return { kind: 'code-rejected', attemptsRemaining: leftInRace(left, world, seen) };
  });
}

function use(world: World, { user, client, typed, code, key }: Of<'use'>, seen: Answer): Answer {
  const { now, policy } = world;
  const person = personIn(world, user);
  return onceJudged(world, person, replayKey(client, 'use', key), typed, seen, () => {
    const refusal = refusalBy(lockOf(person, now, policy)) ?? refusalInRace(world, person, seen);
    if (refusal) return refusal;
    const [kind, batch] = Object.entries(person.batches).find(([, { id }]) => id === code?.batch) ?? [];
    const isRight = batch !== undefined && code !== undefined && !batch.used.includes(code.place);
    if (isRight && batch.expiresAt > now && person.enrolled?.enabled) {
      batch.used.push(code.place);
      person.rows['backup-code'] = 0;
      const remaining = batch.codes - batch.used.length;
      return { kind: 'verified', userId: user, codeKind: kind, remaining, at: now };
    }
    countWrong(person, 'backup-code', now);
    const left = policy.lockout.attemptsBeforeWait - recent(person, now, policy).length;
    return { kind: 'code-rejected', attemptsRemaining: leftInRace(left, world, seen) };
  });
}

/** Refused for what was being judged in the same moment, and may have been right. */
function refusalInRace({ now, policy, unjudged }: World, person: Person, seen: Answer): Answer | undefined {
  for (let more = 1; more <= unjudged; more += 1) {
    const wrong = [...person.wrong, ...Array.from({ length: more }, () => now)];
    const refusal = refusalBy(lockOf({ ...person, wrong }, now, policy));
    if (refusal && isDeepStrictEqual(refusal, seen)) return refusal;
  }
  return undefined;
}

/** How many are left, or as many less as were being judged in the same moment. */
function leftInRace(left: number, { unjudged }: World, seen: Answer): number {
  const told = Number(seen['attemptsRemaining']);
  return told >= left - unjudged && told < left ? Math.max(0, told) : Math.max(0, left);
}

/** Every attempt that was not right, by whatever means, is in one count and in the row of its own means. */
function countWrong(person: Person, means: string, now: number): void {
  person.wrong.push(now);
  person.rows[means] = (person.rows[means] ?? 0) + 1;
}

function recent(person: Person, now: number, { lockout }: Policy): number[] {
  return person.wrong.filter((at) => at > now - lockout.windowSeconds * 1000);
}

type Lock = 'none' | 'stop' | { readonly until: number };

export function lockOf(person: Person, now: number, policy: Policy): Lock {
  const { attemptsBeforeStop, attemptsBeforeWait, firstWaitSeconds, longestWaitSeconds } = policy.lockout;
  const inARow = Object.values(person.rows).reduce((sum, failures) => sum + failures, 0);
  if (inARow >= attemptsBeforeStop) return 'stop';
  const inWindow = recent(person, now, policy);
  const beyond = inWindow.length - attemptsBeforeWait;
  if (beyond < 0) return 'none';
  const wait = Math.min(longestWaitSeconds, firstWaitSeconds * 2 ** beyond);
  const until = (inWindow.at(-1) as number) + wait * 1000;
  return until > now ? { until } : 'none';
}

function refusalBy(lock: Lock): Answer | undefined {
  if (lock === 'none') return undefined;
  return lock === 'stop' ? exhausted : { ...exhausted, retryAt: lock.until };
}

// ---- The help desk and the administrator ---------------------------------------------------------------------

function generate(world: World, operation: Of<'generate'>, seen: Answer): Answer {
  const { user, client, codeKind, count, key } = operation;
  const { now, policy } = world;
  const person = personIn(world, user);
  if (person.enrolled === undefined) return { kind: 'not-found' };
  const remembered = replayKey(client, 'generate', key);
  const earlier = remembered === undefined ? undefined : person.remembered[remembered];
  if (earlier && earlier.at > now - tenMinutes) return { kind: 'conflict' }; // codes are shown once
  const expiresAt =
    codeKind === 'static' ? Number.POSITIVE_INFINITY : now + policy.backupCodes.oneTimeLifetimeSeconds * 1000;
  const id = newId(world, seen);
  person.batches[codeKind] = { id, codes: count, used: [], expiresAt }; // ends the old one of its kind
  const answer: Answer = { kind: 'generated', challengeId: id, codes: count };
  remember(world, person, remembered, '', answer);
  return answer;
}

/** Ends waits and the stop; open challenges keep the attempts that they have left. */
function unlock(world: World, { user }: Of<'unlock'>): Answer {
  const person = personIn(world, user);
  if (person.enrolled === undefined) return { kind: 'not-found' };
  person.wrong = [];
  person.rows = {};
  person.unlockedAt = world.now;
  return { kind: 'unlocked' };
}

function enrol(world: World, { user, phone, email, enabled }: Of<'enrol'>): Answer {
  const person = personIn(world, user);
  const before = person.enrolled;
  person.enrolled = { phone, email, enabled };
  if (before && before.phone !== phone) closeThoseTo(world, person, 'phone');
  if (before && before.email !== email) closeThoseTo(world, person, 'email');
  if (!enabled) for (const challenge of openOnes(person)) challenge.genuine = false;
  return { kind: 'enrolled', created: before === undefined };
}

function remove(world: World, { user }: Of<'remove'>): Answer {
  const person = personIn(world, user);
  if (person.enrolled === undefined) return { kind: 'not-found' };
  person.enrolled = undefined;
  closeThoseTo(world, person, 'phone');
  closeThoseTo(world, person, 'email');
  for (const kind of Object.keys(person.batches)) delete person.batches[kind];
  return { kind: 'removed' };
}

/** A code on its way to an address that is no longer the person's is worth nothing; its gap holds nobody up. */
function closeThoseTo({ now }: World, person: Person, kind: 'phone' | 'email'): void {
  for (const id of Object.values(person.current)) {
    const challenge = person.challenges[id] as Challenge;
    if (kindOf(challenge.method) !== kind) continue;
    challenge.expiresAt = Math.min(challenge.expiresAt, now);
    challenge.resendAt = Math.min(challenge.resendAt, now);
  }
}

// ---- Replays -------------------------------------------------------------------------------------------------

function replayKey(client: string, path: string, key: string | undefined): string | undefined {
  return key === undefined ? undefined : `${client} ${path} ${key}`;
}

/** Under one key a challenge is started, or a code sent, once in ten minutes; a refusal is not remembered. */
function once(
  world: World,
  person: Person,
  key: string | undefined,
  body: object,
  act: () => Answer,
): Answer {
  const text = JSON.stringify(body);
  const earlier = key === undefined ? undefined : person.remembered[key];
  if (earlier && earlier.at > world.now - tenMinutes)
    return earlier.body === text ? earlier.answer : { kind: 'conflict' };
  const answer = act();
  const isKept = answer.kind === 'challenge' || answer.kind === 'questions';
  if (isKept) remember(world, person, key, text, answer);
  return answer;
}

/** A guess under one key is judged once, for ten minutes at least. What was refused unjudged is not remembered. */
function onceJudged(
  world: World,
  person: Person,
  key: string | undefined,
  typed: string,
  seen: Answer,
  judge: () => Answer,
): Answer {
  const earlier = key === undefined ? undefined : person.remembered[key];
  if (earlier !== undefined) {
    const again: Answer = earlier.body === typed ? earlier.answer : { kind: 'conflict' };
    const mayBeForgotten = earlier.at <= world.now - tenMinutes || earlier.answer.kind === 'challenge-closed';
    // What was verified for somebody who is no longer enrolled, or no longer enabled, need not be said again.
    const isVoid = earlier.answer.kind === 'verified' && !person.enrolled?.enabled;
    if (isDeepStrictEqual(again, seen)) return again;
    if (isVoid && seen.kind !== 'verified') return seen;
    // How many attempts are left is counted again: not the same after an unlock, where requests had no order, or when
    // attempts have left the window since.
    const left =
      recent(person, earlier.at, world.policy).length > recent(person, world.now, world.policy).length;
    const mayCountAnew = earlier.isOfRace || world.isRace || person.unlockedAt >= earlier.at || left;
    if (mayCountAnew && again.kind === seen.kind) return seen;
    if (!mayBeForgotten) return again;
  }
  const answer = judge();
  if (answer.kind !== 'attempts-exhausted') remember(world, person, key, typed, answer);
  return answer;
}

function remember(
  { now, isRace }: World,
  person: Person,
  key: string | undefined,
  body: string,
  answer: Answer,
): void {
  if (key !== undefined) person.remembered[key] = { body, at: now, answer, isOfRace: isRace };
}

// ---- Words ---------------------------------------------------------------------------------------------------

function currentOf(person: Person, client: string): Challenge | undefined {
  const id = person.current[client];
  return id === undefined ? undefined : person.challenges[id];
}

/** Another client's challenge does not exist. */
function ownChallenge(person: Person, client: string, id: string): Challenge | undefined {
  const challenge = person.challenges[id];
  return challenge?.client === client ? challenge : undefined;
}

function openOnes(person: Person): Challenge[] {
  return Object.keys(person.current)
    .map((client) => currentOf(person, client) as Challenge)
    .filter(({ solved }) => !solved);
}

function isOpen({ now }: World, person: Person, { id, client, expiresAt, solved }: Challenge): boolean {
  return person.current[client] === id && expiresAt > now && !solved;
}

function kindOf(method: Method): 'phone' | 'email' {
  return method === 'Email' ? 'email' : 'phone';
}

function addressOf({ enrolled }: Person, method: Method): string | undefined {
  return enrolled?.[kindOf(method)];
}

function methodsOf(person: Person): Method[] {
  return (['SMS', 'Email', 'Call'] as const).filter((method) => addressOf(person, method) !== undefined);
}

/** SMS and calls go to one number: who has one has the other. */
function alike(methods: readonly Method[]): Method[] {
  const kinds = methods.map(kindOf);
  return (['SMS', 'Email', 'Call'] as const).filter((method) => kinds.includes(kindOf(method)));
}

/** A code is made for who is there, is enabled, has the address, and could use it before it expires. */
function isUsable({ now, policy }: World, person: Person, method: Method, expiresAt: number): boolean {
  const lock = lockOf(person, now, policy);
  const inTime = lock === 'none' || (lock !== 'stop' && lock.until + 30_000 <= expiresAt);
  return inTime && person.enrolled?.enabled === true && addressOf(person, method) !== undefined;
}

function maskOf({ enrolled }: Person, kind: 'phone' | 'email'): string | undefined {
  const address = enrolled?.[kind];
  if (address === undefined || kind === 'phone') return address && `•••• ••${address.slice(-2)}`;
  return `${address.slice(0, 1)}•••${address.slice(address.indexOf('@'))}`;
}

function view({ policy }: World, challenge: Challenge): Answer {
  const { id, method, methods, masks, expiresAt, resendAt, guesses } = challenge;
  return {
    kind: 'challenge',
    challengeId: id,
    method,
    methods,
    destination: masks[kindOf(method)],
    codeLength: policy.otp.digits,
    expiresAt,
    resendAvailableAt: resendAt,
    attemptsRemaining: policy.otp.attempts - guesses,
  };
}

/** The id of something new, which nothing has had before. */
function newId(world: World, seen: Answer): string {
  const id = String(seen['challengeId']);
  const isTaken = Object.values(world.people).some(
    ({ challenges, questions, batches }) =>
      id in challenges || id in questions || Object.values(batches).some((batch) => batch.id === id),
  );
  return isTaken ? 'a new id' : id;
}

/** What is decided by chance for a name, once. */
function learned({ decoys }: World, what: string, value: unknown): unknown {
  decoys[what] ??= value;
  return decoys[what];
}
