/** Faults: which dependency failed, which faults pass by themselves, and state that nobody of ours wrote. */

/** Why a carrier did not take a message. */
export type CarrierRefusal =
  | 'throttled'
  | 'opted-out'
  | 'permanent'
  | 'spend-limit'
  /** Whoever the message is for: a permission, an identity or an instance is missing. */
  | 'account-refused'
  | 'destination-not-allowed'
  | 'timeout'
  | 'fault';

/** Faults that pass by themselves; every other refusal is final. */
export const transient: readonly CarrierRefusal[] = ['throttled', 'timeout', 'fault'];

/** What did not answer as it should; `raced` is written by many at once. The log has it, and so it is a closed set. */
export type Dependency =
  | 'raced-user-record'
  | 'raced-name'
  | 'raced-recovery'
  | 'raced-counter'
  | 'table'
  | 'moving-workflow'
  | 'unknown-pepper-key'
  | 'unknown-state-key'
  | `carrier-of-notices-${CarrierRefusal}`;

/** A dependency failed and nothing was accepted; the client may send the same request again. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  readonly dependency: Dependency;

  constructor(dependency: Dependency) {
    super(`${dependency} did not answer as it should`);
    this.dependency = dependency;
  }
}

/** State that leads to a signature: whose record it is, what was tried, asked, answered, redeemed or recovered. */
export type StateKind = 'person' | 'challenge' | 'attempt' | 'questions' | 'code-use' | 'recovery';

/** What stands in the table was written by none of the functions that may: it counts as not verified. */
export class ForgedState extends Error {
  override readonly name = 'ForgedState';
  readonly state: StateKind;

  constructor(state: StateKind) {
    super(`the state of a ${state} is not what was written`);
    this.state = state;
  }
}
