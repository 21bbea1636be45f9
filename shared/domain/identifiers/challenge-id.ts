/** Challenge ids: 128 random bits, with the kind, purpose and slot of the challenge and the locator of its user. */
import { createHash, randomBytes } from 'node:crypto';

/** `caller`: the help desk asks a caller for the code. It signs nobody in. */
export const purposes = ['sign-in', 'recovery', 'caller'] as const;
export type Purpose = (typeof purposes)[number];

/** What a person can finish by a proof of their own, and an assertion can say. */
export const assertedPurposes = ['sign-in', 'recovery'] as const satisfies readonly Purpose[];
export type AssertedPurpose = (typeof assertedPurposes)[number];

const kinds = ['otp', 'kba'] as const;
export type ChallengeKind = (typeof kinds)[number];

interface ChallengeAddress {
  readonly kind: ChallengeKind;
  readonly purpose: Purpose;
  /** The key of the record. */
  readonly locator: string;
  /** See `slotOf`. */
  readonly slot: string;
}

/** What a challenge was started for: a sign-in session at the client, or a recovery. */
export interface Started {
  /** The client's name for the session. Requests that name none are one session. */
  readonly session?: string | undefined;
  readonly recovery?: string | undefined;
}

/** The slot of a session, or of a recovery: 96 bits of a hash as 16 characters. Of a slot's challenges one is open. */
export function slotOf({ session = '', recovery }: Started): string {
  const [kind, name] = recovery === undefined ? ['session', session] : ['recovery', recovery];
  return createHash('sha256').update(`${kind}\0${name}`).digest('base64url').slice(0, 16);
}

/** 45 bytes as 60 characters of base64url: one for kind and purpose, 16 random ones, 16 of the locator, 12 of the slot. */
export function newChallengeId({ kind, purpose, locator, slot }: ChallengeAddress): string {
  const form = kinds.indexOf(kind) * purposes.length + purposes.indexOf(purpose);
  const parts = [Buffer.of(form), randomBytes(16), Buffer.from(locator, 'base64url')];
  return Buffer.concat([...parts, Buffer.from(slot, 'base64url')]).toString('base64url');
}

/**
 * Reads an id that a client presents; `undefined` for a text that `newChallengeId` cannot have made. A well-formed id
 * proves nothing: only a write that finds the whole id in the user's record does.
 */
export function readChallengeId(id: string): ChallengeAddress | undefined {
  const bytes = Buffer.from(id, 'base64url');
  if (bytes.length !== 45 || bytes.toString('base64url') !== id) return undefined;
  const form = bytes[0] as number;
  const kind = kinds[Math.floor(form / purposes.length)];
  const purpose = purposes[form % purposes.length];
  if (kind === undefined || purpose === undefined) return undefined;
  const [locator, slot] = [bytes.subarray(17, 33), bytes.subarray(33)];
  return { kind, purpose, locator: locator.toString('base64url'), slot: slot.toString('base64url') };
}

/** The id as the log may show it: a client can send any text in its place. */
export function nameForLog(id: string): string {
  return readChallengeId(id) === undefined ? 'malformed' : id;
}
