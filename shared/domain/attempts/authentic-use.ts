/** A redeemed code that a repetition may be answered from: who redeemed what, for whom, and when. */
import type { StateKeys } from '../crypto/state-keys.ts';
import type { CodeUse } from '../user-record/code-batch.ts';

/** Whose use it is. */
export interface UseOwner {
  readonly locator: string;
  readonly client: string;
  /** The name that was asked for. */
  readonly name: string;
}

export function authenticUse(use: Omit<CodeUse, 'mac'>, owner: UseOwner, stateKeys: StateKeys): CodeUse {
  return { ...use, mac: stateKeys.mac('code-use', partsOf(use, owner)) };
}

/** @throws {ForgedState} where it was changed, or is another's */
export function confirmUse(use: CodeUse, owner: UseOwner, stateKeys: StateKeys): void {
  stateKeys.confirm('code-use', partsOf(use, owner), use.mac);
}

function partsOf(made: Omit<CodeUse, 'mac'>, { locator, client, name }: UseOwner) {
  const { use, id, userId, kind, remaining, at, recovery } = made;
  return [locator, client, name, recovery, use, id, userId, kind, remaining, at];
}
