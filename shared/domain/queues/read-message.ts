/** Reads the messages of the delivery queues, and takes none that is incomplete or of an unknown kind. */
import { readChallengeId } from '../identifiers/challenge-id.ts';
import {
  type NoticeMessage,
  type OtpMessage,
  type OutcomeMessage,
  type StatusMessage,
  smsFates,
} from './messages.ts';

export type QueueMessage = OtpMessage | NoticeMessage | OutcomeMessage | StatusMessage;

const shortName = /^[\w-]{16}$/; // a challenge key
/** Of an SMS, as SNS gives it. */
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const longName = /^[\w-]{22}$/; // 128 bits: a user's locator, or the id of a notice
const fates: readonly unknown[] = smsFates;
const addresses: readonly unknown[] = ['phone', 'email', 'alternateEmail'];

/** `undefined` for a message that no function of this deployment can have sent. */
export function readQueueMessage(body: string): QueueMessage | undefined {
  const message = parsed(body);
  if (message === undefined) return undefined;
  const { kind, challengeKey, challengeId, sequence, locator, notice, address, tries } = message;
  const { held = false, counted = false } = message;
  const isCounted = tries === undefined || isCount(tries);
  if (kind === 'notice') {
    const isWhole = matches(longName, locator) && matches(longName, notice) && addresses.includes(address);
    const isMarked = typeof held === 'boolean' && typeof counted === 'boolean';
    return isWhole && isCounted && isMarked ? (message as unknown as NoticeMessage) : undefined;
  }
  if (kind === 'status') {
    const isWhole = matches(uuid, message['messageId']) && fates.includes(message['fate']);
    return isWhole ? (message as unknown as StatusMessage) : undefined;
  }
  const isOfChallenge =
    matches(shortName, challengeKey) &&
    typeof challengeId === 'string' &&
    readChallengeId(challengeId) !== undefined;
  if (!isOfChallenge) return undefined;
  if (kind === 'outcome') return message as unknown as OutcomeMessage;
  return kind === 'otp' && isCount(sequence) && isCounted ? (message as unknown as OtpMessage) : undefined;
}

function parsed(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function matches(shape: RegExp, value: unknown): boolean {
  return typeof value === 'string' && shape.test(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
