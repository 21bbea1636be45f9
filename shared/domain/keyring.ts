/** Working keys by version: what is derived from the deployment's keys, which neither table nor code holds. */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

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
export type KeyUse = (typeof uses)[number];

export interface Keyring {
  /** The version that new records are made with. */
  readonly current: number;
  /** The version that never changes while the deployment lives; for indexes that must survive a rotation. */
  readonly first: number;
  /** Throws when the version is not configured: a record outlived a key that should never have been removed. */
  key(use: KeyUse, version: number): KeyObject;
}

/** `masters`: 32 bytes by version, newest first. */
export function keyringOf(masters: ReadonlyMap<number, Uint8Array>): Keyring {
  const derived = new Map<string, KeyObject>();
  const versions = [...masters.keys()];
  const [current] = versions;
  const first = versions.at(-1);
  if (current === undefined || first === undefined) throw new Error('a keyring needs at least one key');
  return {
    current,
    first,
    key(use, version) {
      const name = `${use}.v${version}`;
      let key = derived.get(name);
      if (key === undefined) {
        const master = masters.get(version);
        if (master === undefined) throw new Error(`pepper key version ${version} is not configured`);
        key = createSecretKey(createHmac('sha256', master).update(name).digest());
        derived.set(name, key);
      }
      return key;
    },
  };
}

/** HMAC-SHA-256 over parts that cannot run into each other: each is preceded by its length. */
export function keyed(key: KeyObject, ...parts: readonly string[]): Buffer {
  let text = '';
  for (const part of parts) text += `${Buffer.byteLength(part)}:${part}`;
  return createHmac('sha256', key).update(text).digest();
}
