/** Changing a recovery by a decision: read, decide, write on the condition that nothing came between. */
import { Unavailable } from '../faults.ts';
import { newRequestId } from '../identifiers/request-id.ts';
import type { Recovery, RecoveryPorts, RecoveryStore } from './recovery.ts';

/** Rounds of reading again after losing a race. */
const mostRounds = 6;

/**
 * Writes what `decide` makes of a pending recovery; one that has ended stays as it ended. `decide` gives `undefined`
 * where there is nothing to change.
 *
 * @returns the recovery as it is then, or `undefined` when there is none
 */
export async function changeRecovery(
  id: string,
  decide: (found: Recovery) => Partial<Recovery> | undefined,
  { recoveries }: Pick<RecoveryPorts, 'recoveries'>,
): Promise<Recovery | undefined> {
  for (let round = 0; round < mostRounds; round += 1) {
    const found = await recoveries.read(id);
    if (found === undefined || found.status !== 'pending') return found;
    const change = decide(found);
    if (change === undefined) return found;
    const written = await writeOnce(found, change, recoveries);
    if (written) return written;
  }
  throw new Unavailable('raced-recovery');
}

/**
 * The recovery as this write left it, or as later ones did where its own reply was lost; `undefined` when another
 * write came between.
 */
export async function writeOnce(
  before: Recovery,
  change: Partial<Recovery>,
  recoveries: RecoveryStore,
): Promise<Recovery | undefined> {
  const writer = newRequestId();
  const writers = [...(before.writers ?? []), writer];
  const after = { ...before, ...change, writers, revision: before.revision + 1 };
  if (await recoveries.write(before, after)) return after;
  const found = await recoveries.read(before.id);
  return found?.writers?.includes(writer) ? found : undefined;
}
