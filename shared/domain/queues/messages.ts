/** The messages of the queues, and the queues as the domain sees them. */
import type { AddressKind } from '../policy/methods.ts';
import type { Method } from '../policy/policy.ts';

/** Asks the worker to send the code of a delivery. Ids only: no message holds a code, a number or an address. */
export interface OtpMessage {
  readonly kind: 'otp';
  readonly challengeId: string;
  readonly challengeKey: string;
  readonly sequence: number;
}

/** Asks, some time after a code was sent to a number, whether somebody used it. */
export interface OutcomeMessage {
  readonly kind: 'outcome';
  readonly challengeId: string;
  readonly challengeKey: string;
}

/** What a carrier says of an SMS after it took it. */
export const smsFates = [
  'delivered',
  'opted-out',
  'spend-limit',
  'over-price',
  'blocked',
  'unreachable',
] as const;
export type SmsFate = (typeof smsFates)[number];

/** Tells the worker what became of an SMS, by the id that SNS gave it. */
export interface StatusMessage {
  readonly kind: 'status';
  readonly messageId: string;
  readonly fate: SmsFate;
}

/** Asks the worker to notify one address of one notice. */
export interface NoticeMessage {
  readonly kind: 'notice';
  readonly locator: string;
  /** The id of the notice in the user's record. */
  readonly notice: string;
  readonly address: AddressKind;
  readonly tries?: number;
  /** A ceiling stopped it before. */
  readonly held?: boolean;
  /** It has its place among the notices of its address, and waits for room elsewhere. */
  readonly counted?: boolean;
}

export interface DeliveryQueues {
  /** Whether calls can be placed. */
  readonly voice: boolean;
  send(method: Method, message: OtpMessage, delaySeconds?: number): Promise<void>;
}

/** Apart from the codes: what is only counted must not stand in their way. */
export interface OutcomeQueue {
  send(message: OutcomeMessage | StatusMessage, delaySeconds?: number): Promise<void>;
}

export interface NoticeQueue {
  send(messages: readonly NoticeMessage[], delaySeconds?: number): Promise<void>;
}
