/** Messages of the queues, and the queues as the domain sees them. */
import type { AddressKind } from '../policy/methods.ts';
import type { Method } from '../policy/policy.ts';

/** Ids only: no code, number or address is ever in a message. */
export interface OtpMessage {
  readonly kind: 'otp';
  readonly challengeId: string;
  readonly challengeKey: string;
  readonly sequence: number;
}

/** Asks, a while after a code left for a number, whether it was used. */
export interface OutcomeMessage {
  readonly kind: 'outcome';
  readonly challengeId: string;
  readonly challengeKey: string;
}

/** One address of one notice. */
export interface NoticeMessage {
  readonly kind: 'notice';
  readonly locator: string;
  readonly notice: string;
  readonly address: AddressKind;
  readonly tries?: number;
}

export interface DeliveryQueues {
  /** Whether calls can be placed. */
  readonly voice: boolean;
  send(method: Method, message: OtpMessage | OutcomeMessage, delaySeconds?: number): Promise<void>;
}

export interface NoticeQueue {
  send(messages: readonly NoticeMessage[], delaySeconds?: number): Promise<void>;
}
