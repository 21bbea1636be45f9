/** What carriers are asked, and what they answer. */
import type { CarrierRefusal } from '../faults.ts';
import type { Method } from '../policy/policy.ts';
import type { Language } from '../text/language.ts';
import type { NoticeKind } from '../user-record/notice.ts';

export type CarrierResult =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly reason: CarrierRefusal };

export interface CodeMessage {
  readonly to: string;
  readonly country: string | undefined;
  readonly code: string;
  readonly locale: Language;
  /** As the client named it: not to be trusted, and shown as the text that it is. */
  readonly device: string | undefined;
  /** Whole seconds that the code is still good for. */
  readonly secondsLeft: number;
  /** Names the send to the carrier, so that a repetition is recognised where the carrier can. */
  readonly deliveryId: string;
}

interface NoticeText {
  readonly to: string;
  readonly kind: NoticeKind;
  readonly at: number;
  readonly locale: Language;
}

export interface Carriers {
  sendCode(method: Method, message: CodeMessage): Promise<CarrierResult>;
  sendNotice(channel: 'SMS' | 'Email', notice: NoticeText): Promise<CarrierResult>;
}

/** Seconds before each repetition of a try that met a passing fault; after the last, the fault is final. */
export const repeatAfterSeconds = [1, 4, 10, 30];
