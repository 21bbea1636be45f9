/** Challenges as a record keeps them: what was sent, what was asked, and the attempts at it. */
import { createHash } from 'node:crypto';
import type { AssertedPurpose, Purpose } from '../identifiers/challenge-id.ts';
import type { AddressKind } from '../policy/methods.ts';
import type { Method } from '../policy/policy.ts';
import type { Language } from '../text/language.ts';
import type { RecordedAttempts } from './attempts.ts';

/** `not-sent`: a recovery's, opened during the cooldown of another; a resend sends the first code. */
export type DeliveryStatus = 'not-sent' | 'queued' | 'sending' | 'sent' | 'failed';

/** One message with one code. A resend replaces it, and the code before it is dead. */
export interface Delivery {
  readonly sequence: number;
  readonly method: Method;
  readonly nonce: string;
  readonly key: number;
  readonly at: number;
  /** Attempts before this place were made at the code of an earlier delivery. */
  readonly attemptsBefore: number;
  /** False for a decoy: nothing is sent and no code is right. */
  readonly isDeliverable: boolean;
  readonly status: DeliveryStatus;
  /** While `sending`: when another worker may take over. */
  readonly leaseUntil?: number;
  /** Names the worker's claim. The SDK repeats a claim whose reply was lost; the name shows that it is the same one. */
  readonly leaseOwner?: string;
  /** Tries that ended in a carrier's transient fault. The worker's own repetition is on its way then. */
  readonly tries?: number;
  /**
   * Its destination's counter had no place for it when it was asked for. The worker asks again: it may have been
   * counted by a start that raced, and otherwise the code leaves by another method.
   */
  readonly noRoom?: { readonly counter: string; readonly reservation: string } | undefined;
  /** Methods that refused this code for good before it failed over to `method`. */
  readonly refused?: readonly Method[];
}

/** Of a worker's claim: longer than the worker may run, shorter than the queue's visibility timeout. */
export const leaseMilliseconds = 48_000;

/** When a worker last took the message, as its claim says; epoch milliseconds, 0 where none has. */
export function takenAt({ leaseUntil = 0 }: Delivery): number {
  return Math.max(0, leaseUntil - leaseMilliseconds);
}

/** All times are epoch milliseconds. */
interface Challenge extends RecordedAttempts {
  readonly id: string;
  readonly client: string;
  readonly purpose: Purpose;
  /** Which of the client's sessions it belongs to; see `slotOf`. */
  readonly slot: string;
  readonly startedAt: number;
  /** The name that its client asked for, encrypted. */
  readonly name: Uint8Array;
  /** The recovery that it is a step of. */
  readonly recovery?: string | undefined;
  readonly expiresAt: number;
  /** How many attempts it bears. */
  readonly maxAttempts: number;
}

export interface OtpChallenge extends Challenge {
  readonly digits: number;
  /** The language of its messages: the person's. */
  readonly locale: Language;
  /** The language of what its client shows: the client's, so that it does not tell who is enrolled. */
  readonly promptLocale: Language;
  readonly methods: readonly Method[];
  /** Those that the client takes as an answer, where it does not take all: a code is sent by no other. */
  readonly among?: readonly Method[] | undefined;
  /** The display name of the device that asked, encrypted. */
  readonly device?: Uint8Array | undefined;
  readonly caller?: AskedCaller | undefined;
  /** The caller's proof was given: what used it up must not bring it back. */
  readonly proofGiven?: true | undefined;
  /** Where codes go, as the person may see it; encrypted, see `encryptMasks`. */
  readonly masked: Uint8Array;
  readonly delivery: Delivery;
  /**
   * Sequence of a delivery that could not be queued: its request may be repeated during the cooldown. It stands here
   * and not in `delivery`, which the worker may be writing at the same time.
   */
  readonly unanswered?: number;
  /** Deliveries since the last success or expiry, over all sessions; decides the resend cooldown. */
  readonly sendsInRow: number;
  readonly resendAt: number;
}

/** Of a code that proves a caller: the address that policy chose, and who asked for it. */
interface AskedCaller {
  readonly address: AddressKind;
  /** The operator's key, by which their acts are counted. */
  readonly operator: string;
  /** The operator in the log. Verifications that an earlier version began have none. */
  readonly reference?: string | undefined;
}

/** Security questions put to a person, all at once. */
export interface KbaChallenge extends Challenge {
  readonly purpose: AssertedPurpose;
  readonly asked: readonly string[];
  /** The request whose answers were all right. */
  readonly verified?: string;
  /** Over what was asked and what came of it; see `authenticQuestions`. */
  readonly mac: string;
}

export interface ChallengeView {
  readonly challengeId: string;
  readonly method: Method;
  readonly methods: readonly Method[];
  readonly destination: string;
  /** Of the prompt. */
  readonly locale: Language;
  readonly codeLength: number;
  readonly expiresAt: number;
  readonly resendAvailableAt: number;
  /** No code was sent yet; a resend sends the first. */
  readonly isUnsent?: true;
  readonly attemptsRemaining: number;
}

export interface KbaView {
  readonly challengeId: string;
  readonly asked: readonly string[];
  readonly expiresAt: number;
}

/**
 * The key of a challenge in the record. No start closes a challenge of another client, purpose or session, and no code
 * or answer is tried at one.
 *
 * @param client who asks now: an id names purpose and slot, and never whose it is
 */
export function challengeKeyOf(
  client: string,
  { purpose, slot }: { readonly purpose: Purpose; readonly slot: string },
): string {
  return createHash('sha256').update(`${purpose}\0${client}\0${slot}`).digest('base64url').slice(0, 16);
}

/** A challenge of a recovery that gave way to a newer one: nobody can answer that step any more. */
export interface Superseded {
  readonly recovery: string;
  readonly challengeId: string;
}

/** @param gone what a new challenge replaced and nobody has answered */
export function supersededBy(
  recovery: string | undefined,
  gone: readonly (OtpChallenge | KbaChallenge)[],
): Superseded | undefined {
  const other = gone.find((challenge) => challenge.recovery !== recovery);
  return other?.recovery === undefined ? undefined : { recovery: other.recovery, challengeId: other.id };
}
