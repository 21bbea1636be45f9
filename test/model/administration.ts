/** What the help desk and the administrator do. */
import { kindOf, newId, openOnes } from './looks.ts';
import { remember, replayKey } from './replays.ts';
import {
  type Answer,
  type Challenge,
  holdAnew,
  type Of,
  type Person,
  personIn,
  type Questions,
  tenMinutes,
  type World,
} from './world.ts';

export function generate(world: World, operation: Of<'generate'>, seen: Answer): Answer {
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
export function unlock(world: World, { user }: Of<'unlock'>): Answer {
  const person = personIn(world, user);
  if (person.enrolled === undefined) return { kind: 'not-found' };
  person.wrong = [];
  person.rows = {};
  person.tries = [];
  person.unlockedAt = world.now;
  const since = world.now - 86_400_000;
  if (person.messagesGivenBackAt > since || !person.sent.some(({ at }) => at > since))
    return { kind: 'unlocked' };
  person.sent.length = 0;
  person.messagesGivenBackAt = world.now;
  return { kind: 'unlocked', messages: true };
}

export function enrol(world: World, { user, phone, email, enabled }: Of<'enrol'>): Answer {
  const before = personIn(world, user).enrolled;
  const person = before === undefined ? holdAnew(world, user) : personIn(world, user);
  person.enrolled = { phone, email, enabled };
  if (before && before.phone !== phone) closeThoseTo(world, person, 'phone');
  if (before && before.email !== email) closeThoseTo(world, person, 'email');
  if (!enabled) for (const challenge of openOnes(person)) challenge.isDeliverable = false;
  return { kind: 'enrolled', created: before === undefined };
}

export function remove(world: World, { user }: Of<'remove'>): Answer {
  const person = personIn(world, user);
  if (person.enrolled === undefined) return { kind: 'not-found' };
  person.enrolled = undefined;
  delete world.holders[user]; // the name is nobody's again
  for (const id of Object.values(person.currentQuestions)) {
    const asked = person.questions[id] as Questions;
    asked.expiresAt = Math.min(asked.expiresAt, world.now);
  }
  closeThoseTo(world, person, 'phone');
  closeThoseTo(world, person, 'email');
  for (const kind of Object.keys(person.batches)) delete person.batches[kind];
  return { kind: 'removed' };
}

/** A code on its way to an address that is no longer the person's is worth nothing; its gap holds nobody up. */
function closeThoseTo({ now }: World, person: Person, kind: 'phone' | 'email'): void {
  for (const id of Object.values(person.current)) {
    const challenge = person.challenges[id] as Challenge;
    // One that was solved stays as it was.
    if (kindOf(challenge.method) !== kind || challenge.solved) continue;
    challenge.expiresAt = Math.min(challenge.expiresAt, now);
    challenge.resendAt = Math.min(challenge.resendAt, now);
  }
}
