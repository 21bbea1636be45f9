/** What became of a person's last messages: kept encrypted in an item of its own, for the help desk to read. */
import { createHash } from 'node:crypto';
import { maskEmail, maskPhone } from '../contact/mask.ts';
import { decrypt, encrypt } from '../crypto/encryption.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Purpose } from '../identifiers/challenge-id.ts';
import type { Method } from '../policy/policy.ts';

export const deliveryOutcomes = ['queued', 'sent', 'failed', 'dropped'] as const;
export const deliveryPurposes = ['sign-in', 'recovery', 'caller', 'notice'] as const satisfies readonly (
  | Purpose
  | 'notice'
)[];

export interface DeliveryNote {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly method: Method;
  /** Masked. */
  readonly destination: string;
  readonly purpose: (typeof deliveryPurposes)[number];
  readonly outcome: (typeof deliveryOutcomes)[number];
  readonly reason?: string | undefined;
}

interface KeptNote extends DeliveryNote {
  /** The same for each note of one message; notes of earlier versions have none. */
  readonly message?: string;
}

/** How many messages can be read, and for how long. */
export const deliveriesKept = 20;
export const deliveriesKeptMilliseconds = 30 * 86_400_000;

export interface DeliveryLog {
  /** One request, most times; never a person's sign-in depends on it. */
  add(locator: string, note: Uint8Array, at: number): Promise<void>;
  /** Newest first. */
  read(locator: string): Promise<readonly Uint8Array[]>;
}

/** What the worker knew of a message to a real address, before it was sent. */
export interface MessageFacts {
  readonly locator: string;
  /** Which message: the same for all its tries by one method at one address. */
  readonly message: string;
  /** Whether an earlier try has noted that it waits. */
  readonly isWaiting: boolean;
  readonly method: Method;
  readonly to: string;
  readonly purpose: DeliveryNote['purpose'];
  /** Of the number that it goes to. */
  readonly country?: string | undefined;
  /** Epoch milliseconds. */
  readonly askedAt?: number;
}

export function encryptNote(
  { locator, message, method, to, purpose }: Omit<MessageFacts, 'isWaiting'>,
  ended: Pick<DeliveryNote, 'at' | 'outcome' | 'reason'>,
  keyring: Keyring,
): Uint8Array {
  const destination = method === 'Email' ? maskEmail(to) : maskPhone(to);
  // A digest, because ids are as long as the rest of a note.
  const digest = createHash('sha256').update(message).digest('base64url').slice(0, 11);
  const note: KeptNote = { ...ended, method, destination, purpose, message: digest };
  return encrypt(note, contextOf(locator), keyring);
}

/** The newest note of each message, of the last thirty days. */
export function decryptNotes(
  kept: readonly Uint8Array[],
  locator: string,
  now: number,
  keyring: Keyring,
): readonly DeliveryNote[] {
  const seen = new Set<string>();
  return kept
    .map((ciphertext) => decrypt(ciphertext, contextOf(locator), keyring) as KeptNote)
    .filter(({ message }) => message === undefined || (!seen.has(message) && seen.add(message)))
    .map(({ message: _, ...note }) => note)
    .filter(({ at }) => at > now - deliveriesKeptMilliseconds)
    .slice(0, deliveriesKept);
}

/** What is encrypted here does not decrypt as a contact. */
const contextOf = (locator: string): string => `${locator} deliveries`;
