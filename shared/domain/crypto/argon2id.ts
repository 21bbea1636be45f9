/**
 * Hashes of answers and backup codes: argon2id with a key that is not in the table. Without it, whoever copies the table
 * could try out answers. A hash is of use where it was made for alone: what it belongs to goes into it.
 */
import { argon2, type KeyObject, timingSafeEqual } from 'node:crypto';
import { type Argon2idCost, currentCost } from './argon2id-cost.ts';

const tagBytes = 32;
const prefix = `${currentCost.memory}$${currentCost.passes}$${currentCost.parallelism}$`;

/** What a hash is made with beside its text. */
export interface HashInput {
  /** base64url */
  readonly salt: string;
  readonly key: KeyObject;
  /** What the hash belongs to: under anything else, the same text has another hash. */
  readonly belongsTo?: readonly (string | number)[];
}

/** `memory$passes$parallelism$hash`. The hash keeps its parameters, so that they can be raised later. */
export async function argon2idHash(text: string, input: HashInput): Promise<string> {
  const hash = await derive(text, input, currentCost);
  return `${prefix}${hash.toString('base64url')}`;
}

/** Compares in constant time. Takes as long for `noHash` as for a real hash. */
export async function matchesArgon2id(text: string, input: HashInput, stored: string): Promise<boolean> {
  const [memory, passes, parallelism, hash = ''] = stored.split('$');
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const expected = Buffer.from(hash, 'base64url');
  const found = await derive(text, input, cost);
  return expected.length === found.length && timingSafeEqual(expected, found);
}

/** A hash that nothing matches, in place of one that does not exist. */
export const noHash = prefix;

/** Whether a hash was made with the parameters in use. */
export function isCurrentHash(stored: string): boolean {
  return stored.startsWith(prefix);
}

function derive(text: string, { salt, key, belongsTo = [] }: HashInput, cost: Argon2idCost): Promise<Buffer> {
  const options = {
    ...cost,
    message: text,
    nonce: Buffer.from(salt, 'base64url'),
    tagLength: tagBytes,
    secret: key.export(),
    // The input X of RFC 9106; a list in JSON has one reading.
    associatedData: Buffer.from(JSON.stringify(belongsTo)),
  };
  return new Promise((resolve, reject) => {
    argon2('argon2id', options, (error, hash) => (error ? reject(error) : resolve(hash)));
  });
}
