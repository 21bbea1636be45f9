/** What a record keeps of the help desk: proofs that wait for their use, and when codes were made and callers verified. */

export const helpDeskActs = ['backup-codes', 'unlock'] as const;
export type HelpDeskAct = (typeof helpDeskActs)[number];

/** A proof that was given; what it is shown by is derived from it, and stored nowhere. */
export interface Proof {
  readonly id: string;
  /** `caller`: the caller read out a code; `approval`: another operator agreed. */
  readonly kind: 'caller' | 'approval';
  /** The client that it was given to, and the only one that may use it. */
  readonly client: string;
  /** Who approved; the `key` of `Operator`. */
  readonly giver?: string | undefined;
  /** What it is for. A caller's is for what it was first used for. */
  readonly act?: HelpDeskAct | undefined;
  /** Of a caller's: who first used it, also where that was refused; nobody else may. */
  readonly operator?: string | undefined;
  /** Kept until it expires, so that a repetition of the request that gave it revives nothing. */
  readonly used?: true | undefined;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** Version of the key. */
  readonly key: number;
}

export interface HelpDeskState {
  readonly proofs: readonly Proof[];
  /** When backup codes were made; epoch milliseconds, newest first. */
  readonly generated: readonly number[];
  /** When codes for verifying the caller left; epoch milliseconds, newest first. */
  readonly callerCodes: readonly number[];
  /** When an unlocking last gave messages back; epoch milliseconds. */
  readonly messagesGivenBackAt?: number | undefined;
}

export const blankHelpDesk: HelpDeskState = { proofs: [], generated: [], callerCodes: [] };
