/** Who had backup codes generated and why: kept encrypted beside the codes, for longer than they live. */
import { decrypt, encrypt } from '../crypto/encryption.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { CodeKind } from '../user-record/code-batch.ts';

/** One generation. `reason` and `ticket` are what somebody typed, which no log line may hold. */
export interface Generation {
  /** The batch that it made. */
  readonly batch: string;
  readonly kind: CodeKind;
  readonly count: number;
  readonly client: string;
  readonly operator?: string | undefined;
  readonly reason?: string | undefined;
  readonly ticket?: string | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface EncryptedGeneration {
  readonly batch: string;
  readonly kind: CodeKind;
  readonly ciphertext: Uint8Array;
}

/** How many generations of a user can be read back; older ones are in the log alone. */
export const generationsKept = 20;

/** The last ones, newest first, and the newest of each kind whatever came after it: its codes may be alive. */
export function worthKeeping(generations: readonly EncryptedGeneration[]): readonly EncryptedGeneration[] {
  return generations.filter(
    ({ kind }, place) =>
      place < generationsKept || generations.findIndex((newer) => newer.kind === kind) === place,
  );
}

export interface CodeAudit {
  /** One request. Written again after a lost reply, it is there once. */
  add(locator: string, generation: EncryptedGeneration): Promise<void>;
  /** Newest first. Strongly consistent. */
  read(locator: string): Promise<readonly EncryptedGeneration[]>;
  /**
   * After a removal: the generations go when the record of a name that nobody is enrolled under does. Generating codes
   * for the name again keeps them.
   */
  forget(locator: string): Promise<void>;
}

export function encryptGeneration(
  generation: Generation,
  locator: string,
  keyring: Keyring,
): EncryptedGeneration {
  const { batch, kind } = generation;
  return { batch, kind, ciphertext: encrypt(generation, contextOf(locator), keyring) };
}

/** Newest first. */
export function decryptGenerations(
  kept: readonly EncryptedGeneration[],
  locator: string,
  keyring: Keyring,
): readonly Generation[] {
  // Two that raced may have noted one of them twice.
  const byBatch = new Map(kept.map((generation) => [generation.batch, generation.ciphertext]));
  return Array.from(
    byBatch.values(),
    (ciphertext) => decrypt(ciphertext, contextOf(locator), keyring) as Generation,
  );
}

/** What is encrypted here does not decrypt as a contact, nor a contact here. */
const contextOf = (locator: string): string => `${locator} backup codes`;
