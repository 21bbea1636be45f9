/** Notices as a record keeps them until everybody has been told. */
import type { AddressKind } from '../policy/methods.ts';

export type NoticeKind =
  | 'address-changed'
  | 'questions-changed'
  | 'codes-generated'
  | 'code-used'
  | 'codes-running-low'
  | 'codes-sent'
  | 'protection-ended'
  | 'recovery-succeeded'
  | 'answers-accepted'
  | 'messages-used-up'
  | 'names-changed';

/** What takes nothing from a person and gives nothing to anybody: it waits where the others may go on. */
const ordinary: readonly NoticeKind[] = ['codes-running-low'];

/** Tells of a change, a use or a success, and so has a share of every ceiling that nothing else can use up. */
export function isImportant(kind: NoticeKind): boolean {
  return !ordinary.includes(kind);
}

/** Tells a person, at every address there was, that something changed. */
export interface Notice {
  readonly kind: NoticeKind;
  readonly at: number;
  /** The contact whose addresses are told, as it was before the change. */
  readonly contact: Uint8Array;
  /** Backup codes that the operator must not see, encrypted; they go when the notice does. */
  readonly codes?: Uint8Array | undefined;
  /** Addresses that were notified, or that a carrier refused for good. */
  readonly notified?: readonly AddressKind[];
}
