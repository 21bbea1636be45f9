/** A dialogue at a sign-in screen: what was chosen and what is due, sealed in an item of its own. */
import { decrypt, encrypt } from '../crypto/encryption.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Transaction } from './transaction.ts';

/** What the next text that the person types is taken for. */
export type DialogueState =
  | { readonly kind: 'menu' }
  | { readonly kind: 'code'; readonly challengeId: string }
  | { readonly kind: 'backup-code' }
  | RecoveryDialogue
  /** It let the person in, and lets nobody in again. */
  | { readonly kind: 'over' };

/** Questions one by one, or questions and then a code. */
export interface RecoveryDialogue {
  readonly kind: 'recovery';
  readonly recoveryId: string;
  /** To the questions of this step, so far. */
  readonly answers: readonly string[];
  /** The recovery's revision whose step was answered: until there is another one, nothing is to be typed. */
  readonly answeredAt?: number;
}

export interface Dialogue {
  readonly transaction: Transaction;
  /** Counts its writes; 0 while there is no item. */
  readonly revision: number;
  readonly state: DialogueState;
}

/** As the table has it: who reads it learns no answer, and who changes it makes it unreadable. */
export interface SealedDialogue {
  readonly id: string;
  readonly revision: number;
  readonly sealed: Uint8Array;
  /** Epoch milliseconds. */
  readonly endsAt: number;
}

export interface DialogueStore {
  /** Strongly consistent. */
  read(id: string): Promise<SealedDialogue | undefined>;
  /** Writes if what is there has the revision before this one: of several that read the same, one wins. */
  write(dialogue: SealedDialogue): Promise<boolean>;
}

export interface DialoguePorts {
  readonly dialogues: DialogueStore;
  readonly keyring: Keyring;
}

/** A transaction without an item has been shown the menu and nothing else. */
export async function readDialogue(
  transaction: Transaction,
  { dialogues, keyring }: DialoguePorts,
): Promise<Dialogue> {
  const found = await dialogues.read(transaction.id);
  if (found === undefined) return { transaction, revision: 0, state: { kind: 'menu' } };
  const state = decrypt(found.sealed, boundTo(transaction), keyring) as DialogueState;
  return { transaction, revision: found.revision, state };
}

/** The dialogue after this, or `undefined` where another request of it was quicker. */
export async function moveDialogue(
  { transaction, revision }: Dialogue,
  state: DialogueState,
  { dialogues, keyring }: DialoguePorts,
): Promise<Dialogue | undefined> {
  const { id, endsAt } = transaction;
  const sealed = encrypt(state, boundTo(transaction), keyring);
  const after = { id, revision: revision + 1, sealed, endsAt };
  return (await dialogues.write(after)) ? { transaction, revision: after.revision, state } : undefined;
}

/** The whole transaction, and with its MAC the name and the group. */
const boundTo = ({ text }: Transaction): string => `dialogue ${text}`;
