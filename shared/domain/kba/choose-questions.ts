/** Which questions a person is asked, and which a name that nobody has. */
import { hmac, type Keyring } from '../crypto/keyring.ts';
import type { Policy } from '../policy/policy.ts';

export interface QuestionIds {
  readonly current: readonly string[];
  readonly retired: readonly string[];
}

/** Whoever has fewer than are asked is asked what a decoy is, and answers nothing. */
export function areEnough(enrolled: readonly unknown[], { kba }: Policy): boolean {
  return enrolled.length >= kba.questions;
}

/** As many as are asked, in an order that only the key knows. `turn` changes with every success. */
export function chooseQuestions(
  ids: readonly string[],
  count: number,
  locator: string,
  turn: string,
  keyring: Keyring,
) {
  const key = keyring.key('decoy', keyring.first);
  const ranked = ids.map((id) => ({ id, rank: hmac(key, 'question', locator, turn, id) }));
  return ranked
    .sort((one, other) => one.rank.compare(other.rank))
    .slice(0, count)
    .map(({ id }) => id);
}

/**
 * What a name without questions is asked. Where questions were retired, every second name is asked those, as people
 * are who enrolled then: neither kind of question tells that somebody is enrolled.
 */
export function decoyQuestions(
  { current, retired }: QuestionIds,
  count: number,
  locator: string,
  keyring: Keyring,
): readonly string[] {
  const coin = hmac(keyring.key('decoy', keyring.first), 'question-list', locator).readUInt8(0) % 2;
  const ids = coin === 1 && retired.length >= count ? retired : current;
  return chooseQuestions(ids, count, locator, '', keyring);
}
