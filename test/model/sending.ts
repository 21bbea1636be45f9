/** Starting a challenge, sending its code again, the message on its way, and what is told of it. */
import { isDeepStrictEqual } from 'node:util';
import type { Method, Policy } from '../../shared/domain/policy/policy.ts';
import {
  addressOf,
  alike,
  currentOf,
  isOpen,
  isUsable,
  kindOf,
  learned,
  maskOf,
  methodsOf,
  newId,
  ownChallenge,
  view,
} from './looks.ts';
import { once, replayKey } from './replays.ts';
import {
  type Answer,
  type Challenge,
  closed,
  exhausted,
  type Of,
  ownerOf,
  type Person,
  type Promised,
  personIn,
  tenMinutes,
  type World,
} from './world.ts';

/** For so long every message is said to be queued, so that nobody can time its carrier. */
const undisclosed = 3_000;
const afterTaken = 1_000;

const mayBeLostAfter = 1_000;

export function start(world: World, { user, client, method, key }: Of<'start'>, seen: Answer): Answer {
  const { now, policy } = world;
  const person = personIn(world, user);
  const known = new Set(Object.keys(person.challenges));
  // A start that found the open challenge changed nothing.
  const isNew = (answer: Answer) => answer.kind === 'challenge' && !known.has(String(answer['challengeId']));
  const open = () => {
    const previous = currentOf(person, client);
    const unsolved = previous?.solved === false;
    const isOpen = unsolved && previous.expiresAt > now;
    if (unsolved && previous.resendAt > now) {
      // Inside the gap nothing is sent: the open challenge is the answer, and when there is none, when to come again.
      return isOpen ? view(world, previous) : { kind: 'rate-limited', retryAt: previous.resendAt };
    }
    const enrolled = methodsOf(person);
    const by = method ?? enrolled[0] ?? (learned(world, `${person.key} method`, seen['method']) as Method);
    const destination = addressOf(person, by) ?? `decoy ${kindOf(by)} of ${person.key}`;
    const retryAt = spendSend(world, person, client, destination);
    if (retryAt !== undefined) return { kind: 'rate-limited', retryAt };
    const sendsInRow = (isOpen ? previous.sendsInRow : 0) + 1;
    const expiresAt = now + policy.otp.lifetimeSeconds * 1000;
    const challenge: Challenge = {
      id: newId(world, seen),
      client,
      expiresAt,
      attempts: 0,
      solved: false,
      lastGuessAt: 0,
      method: by,
      methods:
        enrolled.length > 0
          ? alike([...enrolled, by])
          : learned(world, `${person.key} by ${by}`, seen['methods']),
      masks: { phone: maskOf(person, 'phone'), email: maskOf(person, 'email') },
      sequence: 1,
      isDeliverable: isUsable(world, person, by, expiresAt),
      sentAt: now,
      delivered: false,
      takenAt: 0,
      sendsInRow,
      resendAt: now + gap(policy, sendsInRow),
    };
    challenge.masks[kindOf(by)] ??= learned(world, `${person.key} ${kindOf(by)}`, seen['destination']);
    person.challenges[challenge.id] = challenge;
    person.current[client] = challenge.id;
    return view(world, challenge);
  };
  return once(world, person, replayKey(client, 'start', key), { method }, open, isNew);
}

export function resend(world: World, { user, client, of, method, key }: Of<'resend'>, seen: Answer): Answer {
  const { now, policy } = world;
  const person = ownerOf(world, user, of);
  const challenge = ownChallenge(person, client, of);
  if (challenge === undefined) return closed;
  return once(world, person, replayKey(client, `resend ${of}`, key), { method }, () => {
    if (!isOpen(world, person, challenge)) return closed;
    if (challenge.attempts >= policy.otp.attempts) return exhausted('challenge');
    const by = method ?? challenge.method;
    if (challenge.resendAt > now) {
      // A message that nobody has taken for so long may be lost: it is queued again, with the same code.
      const mayBeLost = !challenge.delivered && now >= challenge.sentAt + mayBeLostAfter;
      if (mayBeLost && by === challenge.method) return view(world, challenge);
      return { kind: 'rate-limited', retryAt: challenge.resendAt };
    }
    const destination = addressOf(person, by) ?? `decoy ${kindOf(by)} of ${person.key}`;
    const retryAt = spendSend(world, person, client, destination);
    if (retryAt !== undefined) return { kind: 'rate-limited', retryAt };
    if (!(challenge.methods as Method[]).includes(by)) challenge.methods = seen['methods'];
    // What is shown is where codes go; where none goes, what was shown before.
    if (person.enrolled?.enabled && addressOf(person, by))
      challenge.masks[kindOf(by)] = maskOf(person, kindOf(by));
    challenge.masks[kindOf(by)] ??= learned(world, `${person.key} ${kindOf(by)}`, seen['destination']);
    challenge.method = by;
    challenge.sequence += 1; // the code before this one is dead; attempts and expiry stay
    challenge.isDeliverable = isUsable(world, person, by, challenge.expiresAt);
    challenge.sentAt = now;
    challenge.delivered = false;
    challenge.takenAt = 0;
    challenge.sendsInRow += 1;
    challenge.resendAt = now + gap(policy, challenge.sendsInRow);
    return view(world, challenge);
  });
}

function gap({ sends: { gapsSeconds } }: Policy, sendsInRow: number): number {
  return (gapsSeconds[sendsInRow - 1] ?? gapsSeconds.at(-1) ?? 0) * 1000;
}

/** Counts a message of a person, or says when there is room for it: of all, of this client, and to this address. */
function spendSend({ policy, now }: World, person: Person, client: string, destination: string) {
  const { perUserPerDay, doorShare, perTenMinutes, perHour, perDay } = policy.sends;
  const roomAt = (messages: readonly Promised[], most: number, milliseconds: number) =>
    (messages.at(-most)?.at ?? Number.NEGATIVE_INFINITY) + milliseconds;
  const unused = person.sent.filter((message) => message.client === client && !message.used);
  const before = person.sent.filter((message) => message.destination === destination);
  const retryAt = Math.max(
    roomAt(person.sent, perUserPerDay, 86_400_000),
    roomAt(unused, Math.floor(perUserPerDay * doorShare), 86_400_000),
    roomAt(before, perTenMinutes, 600_000),
    roomAt(before, perHour, 3_600_000),
    roomAt(before, perDay, 86_400_000),
  );
  if (retryAt > now) return retryAt;
  person.sent.push({ at: now, client, destination, used: false });
  return undefined;
}

/** Every send that is the last of its open challenge leaves, once; a decoy's leaves only as it seems. */
export function deliver(world: World): Answer {
  const messages: unknown[] = [];
  for (const person of Object.values(world.people)) {
    for (const id of Object.values(person.current)) {
      const challenge = person.challenges[id] as Challenge;
      if (challenge.delivered || challenge.solved || challenge.expiresAt <= world.now) continue;
      challenge.delivered = true;
      challenge.takenAt = world.now;
      const to = challenge.isDeliverable ? addressOf(person, challenge.method) : undefined;
      if (to !== undefined)
        messages.push({ id, sequence: challenge.sequence, method: challenge.method, to, isRight: true });
    }
  }
  return { kind: 'delivered', messages: messages.toSorted(byText) };
}

export function byText(one: unknown, other: unknown): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}

export function status(world: World, { user, client, of }: Of<'status'>, seen: Answer): Answer {
  const person = ownerOf(world, user, of);
  const challenge = ownChallenge(person, client, of);
  if (challenge === undefined) return closed;
  const isCurrent = person.current[client] === of;
  // One that another took the place of need not be known for longer than its guesses may be repeated.
  const isRecent = challenge.lastGuessAt > world.now - tenMinutes;
  if (!isCurrent && !(challenge.solved && isRecent) && isDeepStrictEqual(seen, closed)) return closed;
  const isPending = isOpen(world, person, challenge) && challenge.attempts < world.policy.otp.attempts;
  const disclosedAt = Math.max(challenge.sentAt + undisclosed, challenge.takenAt + afterTaken);
  const isDisclosed = challenge.solved || world.now >= disclosedAt;
  return {
    ...view(world, challenge),
    kind: 'status',
    status: challenge.solved ? 'verified' : isPending ? 'pending' : 'closed',
    delivery: challenge.delivered && isDisclosed ? 'sent' : 'queued',
    // The cooldown is the person's: one that another took the place of is told of the other's.
    ...(isCurrent ? {} : { resendAvailableAt: seen['resendAvailableAt'] }),
    // What is left of a challenge that was used says nothing.
    ...(challenge.solved
      ? { attemptsRemaining: seen['attemptsRemaining'], resendAvailableAt: seen['resendAvailableAt'] }
      : {}),
  };
}
