/** Working keys by version: what is derived from the deployment's keys, which neither table nor code holds. */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { Unavailable } from '../faults.ts';

/** Every use of a key has a key of its own, so that no output of one use is an input of another. */
const uses = [
  'code',
  'guess',
  'contact',
  'destination',
  'decoy',
  'jti',
  'idempotency',
  'answer',
  'backup-code',
] as const;
type KeyUse = (typeof uses)[number];

export interface Keyring {
  /** The version that new records are made with. */
  readonly current: number;
  /** The version that never changes while the deployment lives; for indexes that must survive a rotation. */
  readonly first: number;
  /** The highest version that is known. Above `current` while a rotation is prepared. */
  readonly newest: number;
  /** @throws {Unavailable} when the version is not known: the caller asks again, and may find an instance that knows it. */
  key(use: KeyUse, version: number): KeyObject;
}

/** `masters`: 32 bytes by version, the current one first. */
export function keyringOf(masters: ReadonlyMap<number, Uint8Array>): Keyring {
  const derived = new Map<string, KeyObject>();
  const versions = [...masters.keys()];
  const [current] = versions;
  if (current === undefined) throw new Error('a keyring needs at least one key');
  return {
    current,
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

/** The 128-bit form, as base64url: what stands in the table for something that must not stand there itself. */
export function hmac128(key: KeyObject, ...parts: readonly string[]): string {
  return hmac(key, ...parts)
    .subarray(0, 16)
    .toString('base64url');
}

/** HMAC-SHA-256 over parts that cannot run into each other: each is preceded by its length. */
export function hmac(key: KeyObject, ...parts: readonly string[]): Buffer {
  let text = '';
  for (const part of parts) text += `${Buffer.byteLength(part)}:${part}`;
  return createHmac('sha256', key).update(text).digest();
}
