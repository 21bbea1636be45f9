/** What becomes of a message, and why. */
import type { CarrierRefusal } from '../faults.ts';
import type { AdmissionRefusal } from '../limits/admit-message.ts';
import type { Method } from '../policy/policy.ts';
import type { SmsFate } from '../queues/messages.ts';

export type Delivered =
  /** `unrecorded`: the message was sent, but recording that failed. */
  | { readonly kind: 'sent' | 'decoy'; readonly reason?: 'unrecorded' }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'failed-over'; readonly method: Method; readonly reason: FinalRefusal }
  | { readonly kind: 'failed'; readonly reason: FinalRefusal }
  /** A ceiling stopped a notice, which is tried again until it is told. */
  | { readonly kind: 'held'; readonly reason: FinalRefusal }
  /** The message was queued again; the retry sends the same code. */
  | { readonly kind: 'retry'; readonly reason: CarrierRefusal };

export type DeliveryReason = 'unrecorded' | FinalRefusal;
export type FinalRefusal =
  | CarrierRefusal
  | AdmissionRefusal
  | Exclude<SmsFate, 'delivered'>
  | 'destination-limit'
  | 'country-not-allowed';
