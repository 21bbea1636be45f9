/** The carriers as the domain sees them: what they are asked to send, and what they answer. */
import type { CarrierRefusal } from '../faults.ts';
import type { Purpose } from '../identifiers/challenge-id.ts';
import type { Method } from '../policy/policy.ts';
import type { Language } from '../text/language.ts';
import type { NoticeKind } from '../user-record/notice.ts';

export type CarrierResult =
  /** `messageId`: by which the carrier says later what became of it, where it does. */
  | { readonly kind: 'accepted'; readonly messageId?: string | undefined }
  | { readonly kind: 'refused'; readonly reason: CarrierRefusal };

export interface CodeMessage {
  readonly to: string;
  readonly country: string | undefined;
  readonly code: string;
  /** Whose page the code is typed into. */
  readonly client: string;
  /** What it is for: the message says so. */
  readonly purpose: Purpose;
  readonly locale: Language;
  /** As the client named it: untrusted text, shown as it is. */
  readonly device: string | undefined;
  /** Whole seconds that the code is still good for. */
  readonly secondsLeft: number;
  /** The id of the delivery, by which some carriers recognise a repetition. */
  readonly deliveryId: string;
}

interface NoticeText {
  readonly to: string;
  readonly kind: NoticeKind;
  /** When the change happened; epoch milliseconds. */
  readonly at: number;
  /** Backup codes that the email brings. */
  readonly codes?: readonly string[] | undefined;
  /** The secret of the link by which the person stops everything. Emails carry it. */
  readonly notMe?: string | undefined;
  readonly locale: Language;
}

/** Neither function rejects because of a carrier: its errors are refusals. */
export interface Carriers {
  sendCode(method: Method, message: CodeMessage): Promise<CarrierResult>;
  sendNotice(channel: 'SMS' | 'Email', notice: NoticeText): Promise<CarrierResult>;
}

/** Seconds to wait before each retry after a carrier's transient fault. After the last one, the fault is final. */
export const repeatAfterSeconds = [1, 4, 10, 30];
