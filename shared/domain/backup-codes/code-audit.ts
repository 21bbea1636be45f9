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

/** A request for codes that was refused: what somebody on the phone was after. */
export interface RefusedGeneration {
  readonly reason: string;
  readonly client: string;
  readonly operator: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface KeptGenerations {
  /** Newest first. */
  readonly generations: readonly EncryptedGeneration[];
  /** Newest first; each is encrypted. */
  readonly refusals: readonly Uint8Array[];
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
  /** One request. @param request written again after a lost reply, it is there once */
  addRefusal(locator: string, request: string, ciphertext: Uint8Array): Promise<void>;
  /** Strongly consistent. */
  read(locator: string): Promise<KeptGenerations>;
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

export function encryptRefusal(refused: RefusedGeneration, locator: string, keyring: Keyring): Uint8Array {
  return encrypt(refused, refusedContextOf(locator), keyring);
}

/** Newest first, as many as can be read back. */
export function decryptRefusals(
  kept: readonly Uint8Array[],
  locator: string,
  keyring: Keyring,
): readonly RefusedGeneration[] {
  return kept
    .slice(0, generationsKept)
    .map((ciphertext) => decrypt(ciphertext, refusedContextOf(locator), keyring) as RefusedGeneration);
}

const refusedContextOf = (locator: string): string => `${locator} refused backup codes`;

/** What is encrypted here does not decrypt as a contact, nor a contact here. */
const contextOf = (locator: string): string => `${locator} backup codes`;
