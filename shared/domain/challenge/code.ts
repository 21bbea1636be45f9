/** One-time codes: how a delivery's code is derived, and which digest stands for an attempt at it. */
import { hmac, hmac128, type Keyring } from '../crypto/keyring.ts';

/** No policy allows fewer. */
export const fewestDigits = 6;

/**
 * What a code is bound to. Change any of it and the code is another: who writes into the table makes no challenge live
 * longer, bear more attempts or be worth more, since then the code that was sent is no longer right.
 */
export interface CodeBinding {
  /** Its random bits, and its person. */
  readonly challengeId: string;
  readonly client: string;
  readonly purpose: string;
  /** The recovery that the challenge is a step of. */
  readonly recovery?: string | undefined;
  /** How the code travels, which the assertion tells. A code that fails over to another method is another. */
  readonly method: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly maxAttempts: number;
  /** Attempts before this place were made at the code of an earlier delivery. */
  readonly attemptsBefore: number;
  /** The encrypted name that the client asked for. */
  readonly name: Uint8Array;
  /** Counts the deliveries of the challenge from 1. */
  readonly sequence: number;
  /** 128 random bits of this delivery, base64url: what makes the code unpredictable even to who chose all the rest. */
  readonly nonce: string;
  /** Version of the key. */
  readonly key: number;
  readonly digits: number;
}

/**
 * The code of a delivery: the RFC 4226 idea with a wider truncation. It is stored nowhere: whoever delivers it again
 * computes it again, so a retry repeats the same code and a copy of the table holds none.
 *
 * Sixteen bytes of the MAC modulo 10^digits: the bias against a uniform draw is below 2^-94.
 */
export function codeOf(binding: CodeBinding, keyring: Keyring): string {
  const { challengeId, client, purpose, recovery = '', method, name, sequence, nonce, digits } = binding;
  const { expiresAt, maxAttempts, attemptsBefore } = binding;
  const asked = Buffer.from(name).toString('base64url');
  const numbers = [sequence, digits, expiresAt, maxAttempts, attemptsBefore].map(String);
  const texts = [challengeId, client, purpose, recovery, method, asked, nonce];
  const mac = hmac(keyring.key('code', binding.key), ...texts, ...numbers);
  const value = (mac.readBigUInt64BE(0) << 64n) | mac.readBigUInt64BE(8);
  return (value % 10n ** BigInt(digits)).toString().padStart(digits, '0');
}

/** 128 bits that stand for an attempt in the challenge's record; useless without the key. */
export function attemptDigest(code: string, challengeId: string, key: number, keyring: Keyring): string {
  return hmac128(keyring.key('guess', key), challengeId, code);
}
