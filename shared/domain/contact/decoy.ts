/** What a name without a person is shown to have: a set of methods, and a number that meets what people's numbers meet. */
import { hmac, type Keyring } from '../crypto/keyring.ts';
import { type Method, methods, type Policy } from '../policy/policy.ts';
import type { Phone } from './contact.ts';

/** A set of methods that people of this deployment have, and how many of them next to the other sets. */
export interface DecoySet {
  readonly methods: readonly Method[];
  readonly weight: number;
  /** The ISO 3166 country of their numbers, whose circuit breaker and quota these decoys meet. */
  readonly country?: string | undefined;
  /** What their numbers are without the last three digits, if it is one block of numbers. */
  readonly block?: string | undefined;
}

/** Where the stage names no sets: everything that is offered, as in an organisation that enrols everybody alike. */
const everything: DecoySet = { methods, weight: 1 };

/** The set of a name, the same for as long as the stage's sets are. */
export function decoySetOf(key: string, sets: readonly DecoySet[], keyring: Keyring): DecoySet {
  const total = sets.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return everything;
  let place = hmac(keyring.key('decoy', keyring.first), 'set', key).readUInt32BE(0) % total;
  for (const set of sets) {
    if (place < set.weight) return set;
    place -= set.weight;
  }
  return everything;
}

/** The number that a decoy would have. Nothing is ever sent to it: it decides which limits hold for the decoy. */
export function decoyPhone(
  key: string,
  sets: readonly DecoySet[],
  { enrolment, sends }: Policy,
  keyring: Keyring,
): Phone {
  const { country, block } = decoySetOf(key, sets, keyring);
  const usual = enrolment.defaultCountry === 'none' ? sends.countries[0] : enrolment.defaultCountry;
  return { number: `${block ?? `+0${key}`}000`, country: country ?? usual ?? '' };
}
