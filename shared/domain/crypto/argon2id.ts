/** Hashes of what people keep and could be guessed from a copy of the table: argon2id with a key the table lacks. */
import { argon2, type KeyObject, timingSafeEqual } from 'node:crypto';

/** KiB of memory, passes, lanes: the OWASP cheat sheet's and ASVS 11.4.2's t=2 setting, about 70 ms of a core. */
const current = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const tagBytes = 32;

/** `m$t$p$hash`: the parameters stay with the hash, so that they can be raised. */
export async function argon2idHash(text: string, salt: string, key: KeyObject): Promise<string> {
  const hash = await derive(text, salt, key, current);
  return `${current.memory}$${current.passes}$${current.parallelism}$${hash.toString('base64url')}`;
}

/** In constant time, and as slowly for a hash that does not exist as for one that does. */
export async function matchesArgon2id(
  text: string,
  salt: string,
  key: KeyObject,
  stored: string,
): Promise<boolean> {
  const [memory, passes, parallelism, hash = ''] = stored.split('$');
  const parameters = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const expected = Buffer.from(hash, 'base64url');
  const found = await derive(text, salt, key, parameters);
  return expected.length === found.length && timingSafeEqual(expected, found);
}

/** A hash that nothing matches, for when there is none. */
export const noHash = `${current.memory}$${current.passes}$${current.parallelism}$`;

export function isCurrentHash(stored: string): boolean {
  return stored.startsWith(`${current.memory}$${current.passes}$${current.parallelism}$`);
}

interface Parameters {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

function derive(text: string, salt: string, key: KeyObject, parameters: Parameters): Promise<Buffer> {
  const options = {
    ...parameters,
    message: text,
    nonce: Buffer.from(salt, 'base64url'),
    tagLength: tagBytes,
    secret: key.export(),
  };
  return new Promise((resolve, reject) => {
    argon2('argon2id', options, (error, hash) => (error ? reject(error) : resolve(hash)));
  });
}
