/** Guessing at a code, at answers to questions, and at backup codes. */
import { countWrong, leftInRace, lockOf, recent, refusalBy, refusalInRace, takeBack } from './attempts.ts';
import { isOpen, newId, ownChallenge } from './looks.ts';
import { once, onceJudged, replayKey } from './replays.ts';
import {
  type Answer,
  closed,
  exhausted,
  type Of,
  ownerOf,
  personIn,
  tenMinutes,
  type World,
} from './world.ts';

export function verify(world: World, operation: Of<'verify'>, seen: Answer): Answer {
  const { user, client, of, typed, key } = operation;
  const { now, policy } = world;
  const person = ownerOf(world, user, of);
  const challenge = ownChallenge(person, client, of);
  if (challenge === undefined) return closed;
  return onceJudged(world, person, replayKey(client, `verify ${of}`, key), typed, seen, () => {
    if (!isOpen(world, person, challenge)) return closed;
    const refusal = refusalBy(lockOf(person, now, policy)) ?? refusalInRace(world, person, seen);
    if (refusal) return refusal;
    if (challenge.attempts >= policy.otp.attempts) return exhausted('challenge');
    challenge.attempts += 1;
    challenge.lastGuessAt = now;
    const isRight = operation.isCodeOf === `${challenge.id} ${challenge.sequence}`;
    if (isRight && challenge.isDeliverable) {
      challenge.solved = true;
      for (const message of person.sent)
        if (message.at === challenge.sentAt && message.client === client) message.used = true;
      person.rows[`${challenge.method} ${client}`] = 0;
      return { kind: 'verified', userId: user, method: challenge.method, at: now };
    }
    countWrong(person, `${challenge.method} ${client}`, now);
    return { kind: 'code-rejected', attemptsRemaining: policy.otp.attempts - challenge.attempts };
  });
}

export function ask(world: World, { user, client, key }: Of<'ask'>, seen: Answer): Answer {
  const { now } = world;
  const person = personIn(world, user);
  return once(world, person, replayKey(client, 'ask', key), {}, () => {
    const expiresAt = now + tenMinutes;
    const id = newId(world, seen);
    person.questions[id] = { id, client, expiresAt, attempts: 0, solved: false };
    person.currentQuestions[client] = id;
    return { kind: 'questions', challengeId: id, expiresAt };
  });
}

export function check(world: World, operation: Of<'check'>, seen: Answer): Answer {
  const { user, client, of, given, isRight, key } = operation;
  const { now, policy } = world;
  const { tries, windowSeconds } = policy.kba;
  const person = ownerOf(world, user, of);
  const asked = person.questions[of];
  if (asked?.client !== client) return closed;
  return onceJudged(world, person, replayKey(client, `check ${of}`, key), given, seen, () => {
    if (person.currentQuestions[client] !== of || asked.expiresAt <= now || asked.solved) return closed;
    const inWindow = () => person.tries.filter((at) => at > now - windowSeconds * 1000);
    const lock = lockOf(person, now, policy);
    const until = (person.tries.at(-tries) ?? 0) + windowSeconds * 1000;
    if (inWindow().length >= tries && lock !== 'stop')
      return exhausted('wait', Math.max(until, lock === 'none' ? 0 : lock.until));
    const refusal = refusalBy(lock) ?? refusalInRace(world, person, seen);
    if (refusal) return refusal;
    if (asked.attempts >= tries) return exhausted('challenge');
    asked.attempts += 1;
    const proof = `kba ${of}`;
    if (isRight && person.enrolled?.enabled) {
      asked.solved = true;
      takeBack(person, proof, now, 'wrong', 'tries');
      person.rows[`kba ${client}`] = 0;
      return { kind: 'verified', userId: user, at: now };
    }
    if (isRight) person.inVain.push({ at: now, proof });
    countWrong(person, `kba ${client}`, now);
    person.tries.push(now);
    const left = Math.min(tries - asked.attempts, tries - inWindow().length);
    return { kind: 'rejected', attemptsRemaining: leftInRace(left, world, seen) };
  });
}

export function use(world: World, { user, client, typed, code, key }: Of<'use'>, seen: Answer): Answer {
  const { now, policy } = world;
  const person = personIn(world, user);
  return onceJudged(world, person, replayKey(client, 'use', key), typed, seen, () => {
    const refusal = refusalBy(lockOf(person, now, policy)) ?? refusalInRace(world, person, seen);
    if (refusal) return refusal;
    const [kind, batch] = Object.entries(person.batches).find(([, { id }]) => id === code?.batch) ?? [];
    const isRight = batch !== undefined && code !== undefined && !batch.used.includes(code.place);
    const isGood = isRight && batch.expiresAt > now;
    const proof = `${client} ${batch?.id} ${code?.place}`;
    if (isGood && person.enrolled?.enabled) {
      takeBack(person, proof, now, 'wrong');
      batch.used.push(code.place);
      person.rows[`backup-code ${client}`] = 0;
      const remaining = batch.codes - batch.used.length;
      return { kind: 'verified', userId: user, codeKind: kind, remaining, at: now };
    }
    if (isGood) person.inVain.push({ at: now, proof });
    countWrong(person, `backup-code ${client}`, now);
    const left = policy.lockout.attemptsBeforeWait - recent(person, now, policy).length;
    return { kind: 'code-rejected', attemptsRemaining: leftInRace(left, world, seen) };
  });
}
