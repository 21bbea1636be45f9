/** The keyring: working keys by use and version, derived from secrets that neither the table nor the code holds. */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { Unavailable } from '../faults.ts';

/** Each use has a key of its own, so that a digest made for one use is worthless for another. */
const uses = [
  'code',
  'guess',
  'name',
  'contact',
  'email',
  'destination',
  'decoy',
  'jti',
  'idempotency',
  'answer',
  'backup-code',
  'proof',
  'not-me',
  'sign-in',
  'dialogue',
] as const;
type KeyUse = (typeof uses)[number];

export interface Keyring {
  /** The version that new digests and ciphertexts are made with. */
  readonly current: number;
  /** The oldest version, which never changes: for keys of items that must still be found after a rotation. */
  readonly first: number;
  /** All that this instance knows. */
  readonly versions: readonly number[];
  /** The highest known version: above `current` while a rotation is being prepared. */
  readonly newest: number;
  /** @throws {Unavailable} if the version is not known: the client retries, and may reach an instance that knows it. */
  key(use: KeyUse, version: number): KeyObject;
}

/** @param masters secrets of 32 bytes by version, the current one first */
export function keyringOf(masters: ReadonlyMap<number, Uint8Array>): Keyring {
  const derived = new Map<string, KeyObject>();
  const versions = [...masters.keys()];
  const [current] = versions;
  if (current === undefined) throw new Error('a keyring needs at least one key');
  return {
    current,
    versions,
    first: Math.min(...versions),
    newest: Math.max(...versions),
    key(use, version) {
      const name = `${use}.v${version}`;
      let key = derived.get(name);
      if (key === undefined) {
        const master = masters.get(version);
        if (master === undefined) throw new Unavailable('unknown-pepper-key');
        key = createSecretKey(createHmac('sha256', master).update(name).digest());
        derived.set(name, key);
      }
      return key;
    },
  };
}

/** HMAC-SHA-256, 32 bytes. Each part is preceded by its length, so that `a, bc` differs from `ab, c`. */
export function hmac(key: KeyObject, ...parts: readonly string[]): Buffer {
  let text = '';
  for (const part of parts) text += `${Buffer.byteLength(part)}:${part}`;
  return createHmac('sha256', key).update(text).digest();
}

/** The first 16 bytes of it as base64url: stands in the table for something that must not stand there itself. */
export function hmac128(key: KeyObject, ...parts: readonly string[]): string {
  return hmac(key, ...parts)
    .subarray(0, 16)
    .toString('base64url');
}
