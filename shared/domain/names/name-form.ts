/** The form in which names are compared: without case, and without domains that the stage says mean nothing. */
import { hmac128, type Keyring } from '../crypto/keyring.ts';
import { foldUserId } from '../identifiers/user-id.ts';

/**
 * Two names are one name when their forms are equal. `same` is what the stage says means nothing: `CORP\` where a name
 * begins with it, `@corp.example` where one ends with it. A name that is nothing else keeps it.
 */
export function nameForm(name: string, same: readonly string[]): string {
  return foldedOnce(same).reduce(without, foldUserId(name));
}

/** The stage's list is folded once: a function compares names by it as long as it lives. */
const folded = new WeakMap<readonly string[], readonly string[]>();

function foldedOnce(same: readonly string[]): readonly string[] {
  const known = folded.get(same) ?? same.map(foldUserId);
  folded.set(same, known);
  return known;
}

function without(name: string, part: string): string {
  if (name.length <= part.length) return name;
  if (part.endsWith('\\')) return name.startsWith(part) ? name.slice(part.length) : name;
  return name.endsWith(part) ? name.slice(0, -part.length) : name;
}

/** 128 bits that stand for a name in the key of its item, so that the table does not say who has which alias. */
export function nameDigest(form: string, keyring: Keyring): string {
  return hmac128(keyring.key('name', keyring.first), form);
}

/**
 * The key of the record for a name that nobody has. It is always the same for a name, and looks like a person's random
 * key. So a challenge id does not show whether there is a person.
 */
export function nobodyKey(form: string, keyring: Keyring): string {
  return hmac128(keyring.key('decoy', keyring.first), 'nobody', form);
}
