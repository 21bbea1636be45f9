/**
 * MACs over state that leads to a signature. Their key is not the peppers': the functions that give verdicts have it
 * alone, so that nobody else who writes into the table can make such state up.
 */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { ForgedState, type StateKind, Unavailable } from '../faults.ts';
import { sameDigest } from './digest.ts';
import { hmac128 } from './keyring.ts';

/** What a MAC is made over: a list that has one reading. */
export type StateParts = readonly (string | number | boolean | readonly string[] | undefined)[];

export interface StateKeys {
  /** `version.mac`, of 128 bits. */
  mac(kind: StateKind, parts: StateParts): string;
  /**
   * @throws {ForgedState} where the MAC is missing or another's
   * @throws {Unavailable} where an instance with a newer key made it
   */
  confirm(kind: StateKind, parts: StateParts, mac: string | undefined): void;
}

/** @param masters secrets of 32 bytes by version, the one in use first */
export function stateKeysOf(masters: ReadonlyMap<number, Uint8Array>): StateKeys {
  const [current] = masters.keys();
  if (current === undefined) throw new Error('states need at least one key');
  const derived = new Map<string, KeyObject>();
  const keyOf = (kind: StateKind, version: number): KeyObject => {
    const name = `${kind}.v${version}`;
    const known = derived.get(name);
    if (known !== undefined) return known;
    const master = masters.get(version);
    if (master === undefined) throw new Unavailable('unknown-state-key');
    const key = createSecretKey(createHmac('sha256', master).update(`state ${name}`).digest());
    derived.set(name, key);
    return key;
  };
  const macOf = (kind: StateKind, parts: StateParts, version: number) =>
    `${version}.${hmac128(keyOf(kind, version), JSON.stringify(parts))}`;
  return {
    mac: (kind, parts) => macOf(kind, parts, current),
    confirm(kind, parts, mac) {
      const version = Number(/^([1-9]\d{0,4})\./.exec(mac ?? '')?.[1]);
      if (mac === undefined || Number.isNaN(version)) throw new ForgedState(kind);
      if (!sameDigest(mac, macOf(kind, parts, version))) throw new ForgedState(kind);
    },
  };
}
