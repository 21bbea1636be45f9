/** Which delivery an SMS was of, for when its carrier says what became of it. */
import type { OtpMessage } from '../queues/messages.ts';

export interface SentSms {
  readonly message: OtpMessage;
  /** Of the number. */
  readonly country: string;
  /** When the carrier took it; epoch milliseconds. */
  readonly at: number;
}

/** As long as the log holds what SNS says. */
export const smsKeptMilliseconds = 86_400_000;

export interface SentSmsStore {
  /** One write. @param messageId as SNS gave it */
  note(messageId: string, sms: SentSms): Promise<void>;
  /** One read. `undefined` for an SMS of somebody else in the account, a notice, or one of long ago. */
  find(messageId: string): Promise<SentSms | undefined>;
}
