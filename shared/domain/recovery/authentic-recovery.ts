/** Recoveries that a signature may follow from: what was started and chosen, and how it ended, for whom. */
import type { StateKeys } from '../crypto/state-keys.ts';
import type { Recovery } from './recovery.ts';

/**
 * The recovery under a MAC. Made when it starts, when its path is chosen and when it ends, by the one function that does
 * these. Steps are opened by others and are not in it: what they come to is proven in the person's record.
 *
 * Of one that has succeeded the revision is in it too, since nothing is written after that one.
 */
export function authenticRecovery(recovery: Omit<Recovery, 'mac'>, stateKeys: StateKeys): Recovery {
  return { ...recovery, mac: stateKeys.mac('recovery', partsOf(recovery)) };
}

/** @throws {ForgedState} where it was changed, or is another's */
export function confirmRecovery(recovery: Recovery, stateKeys: StateKeys): void {
  stateKeys.confirm('recovery', partsOf(recovery), recovery.mac);
}

function partsOf(recovery: Omit<Recovery, 'mac'>) {
  const { id, client, person, userId, paths, path, startedAt, expiresAt } = recovery;
  const { status, endedAt, subject, revision } = recovery;
  const end = status === 'succeeded' ? [status, endedAt, subject, revision] : [];
  return [id, client, person, userId, paths, path, startedAt, expiresAt, ...end];
}
