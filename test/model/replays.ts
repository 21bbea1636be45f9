/** Requests that come again under their key. */
import { isDeepStrictEqual } from 'node:util';
import { recent } from './attempts.ts';
import { type Answer, type Person, tenMinutes, type World } from './world.ts';

export function replayKey(client: string, path: string, key: string | undefined): string | undefined {
  return key === undefined ? undefined : `${client} ${path} ${key}`;
}

/** Under one key a challenge is started, or a code sent, once in ten minutes. What changed nothing is not remembered. */
export function once(
  world: World,
  person: Person,
  key: string | undefined,
  body: object,
  act: () => Answer,
  isKept = ({ kind }: Answer) => kind === 'challenge' || kind === 'questions',
): Answer {
  const text = JSON.stringify(body);
  const earlier = key === undefined ? undefined : person.remembered[key];
  if (earlier && earlier.at > world.now - tenMinutes)
    return earlier.body === text ? earlier.answer : { kind: 'conflict' };
  const answer = act();
  if (isKept(answer)) remember(world, person, key, text, answer);
  return answer;
}

/** A guess under one key is judged once, for ten minutes at least. What was refused unjudged is not remembered. */
export function onceJudged(
  world: World,
  person: Person,
  key: string | undefined,
  typed: string,
  seen: Answer,
  verdictOf: () => Answer,
): Answer {
  const earlier = key === undefined ? undefined : person.remembered[key];
  const mayBeForgotten =
    earlier !== undefined &&
    (earlier.at <= world.now - tenMinutes || earlier.answer.kind === 'challenge-closed');
  if (earlier !== undefined && !(mayBeForgotten && world.forgets)) {
    const again: Answer = earlier.body === typed ? earlier.answer : { kind: 'conflict' };
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
  const answer = verdictOf();
  if (answer.kind !== 'attempts-exhausted') remember(world, person, key, typed, answer);
  return answer;
}

export function remember(
  { now, isRace }: World,
  person: Person,
  key: string | undefined,
  body: string,
  answer: Answer,
): void {
  if (key !== undefined) person.remembered[key] = { body, at: now, answer, isOfRace: isRace };
}
