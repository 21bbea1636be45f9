/** What can be seen of a person and of a challenge. */
import type { Method } from '../../shared/domain/policy/policy.ts';
import { lockOf } from './attempts.ts';
import type { Answer, Challenge, Person, World } from './world.ts';

export function currentOf(person: Person, client: string): Challenge | undefined {
  const id = person.current[client];
  return id === undefined ? undefined : person.challenges[id];
}

/** Another client's challenge does not exist. */
export function ownChallenge(person: Person, client: string, id: string): Challenge | undefined {
  const challenge = person.challenges[id];
  return challenge?.client === client ? challenge : undefined;
}

export function openOnes(person: Person): Challenge[] {
  return Object.keys(person.current)
    .map((client) => currentOf(person, client) as Challenge)
    .filter(({ solved }) => !solved);
}

export function isOpen(
  { now }: World,
  person: Person,
  { id, client, expiresAt, solved }: Challenge,
): boolean {
  return person.current[client] === id && expiresAt > now && !solved;
}

export function kindOf(method: Method): 'phone' | 'email' {
  return method === 'Email' ? 'email' : 'phone';
}

export function addressOf({ enrolled }: Person, method: Method): string | undefined {
  return enrolled?.[kindOf(method)];
}

export function methodsOf(person: Person): Method[] {
  return (['SMS', 'Email', 'Call'] as const).filter((method) => addressOf(person, method) !== undefined);
}

/** SMS and calls go to one number: who has one has the other. */
export function alike(methods: readonly Method[]): Method[] {
  const kinds = methods.map(kindOf);
  return (['SMS', 'Email', 'Call'] as const).filter((method) => kinds.includes(kindOf(method)));
}

/** A code is made for who is there, is enabled, has the address, and could use it before it expires. */
export function isUsable({ now, policy }: World, person: Person, method: Method, expiresAt: number): boolean {
  const lock = lockOf(person, now, policy);
  const inTime = lock === 'none' || (lock !== 'stop' && lock.until + 30_000 <= expiresAt);
  return inTime && person.enrolled?.enabled === true && addressOf(person, method) !== undefined;
}

export function maskOf({ enrolled }: Person, kind: 'phone' | 'email'): string | undefined {
  const address = enrolled?.[kind];
  if (address === undefined || kind === 'phone') return address && `•••• ••${address.slice(-2)}`;
  return `${address.slice(0, 1)}•••${address.slice(address.indexOf('@'))}`;
}

export function view({ policy }: World, challenge: Challenge): Answer {
  const { id, method, methods, masks, expiresAt, resendAt, attempts } = challenge;
  return {
    kind: 'challenge',
    challengeId: id,
    method,
    methods,
    destination: masks[kindOf(method)],
    codeLength: policy.otp.digits,
    expiresAt,
    resendAvailableAt: resendAt,
    attemptsRemaining: policy.otp.attempts - attempts,
  };
}

/** The id of something new, which nothing has had before. */
export function newId(world: World, seen: Answer): string {
  const id = String(seen['challengeId']);
  const isTaken = Object.values(world.people).some(
    ({ challenges, questions, batches }) =>
      id in challenges || id in questions || Object.values(batches).some((batch) => batch.id === id),
  );
  return isTaken ? 'a new id' : id;
}

/** What is decided by chance for a name, once. */
export function learned({ decoys }: World, what: string, value: unknown): unknown {
  decoys[what] ??= value;
  return decoys[what];
}
