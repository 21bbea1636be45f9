/** Choosing the path of a recovery: one answer decides, and its repetition is answered alike. */
import type { StateKeys } from '../crypto/state-keys.ts';
import { Unavailable } from '../faults.ts';
import { forbidsFallback } from '../policy/fallback.ts';
import type { RecoveryPath } from '../policy/recovery-paths.ts';
import { authenticRecovery, confirmRecovery } from './authentic-recovery.ts';
import { writeOnce } from './change-recovery.ts';
import { type Recovery, type RecoveryPorts, readRecovery, withTime } from './recovery.ts';

export type ChooseOutcome =
  | { readonly kind: 'chosen'; readonly recovery: Recovery }
  | { readonly kind: 'challenge-closed' | 'fallback-disabled' };

/**
 * Answers a `choose` step. The write of the path decides between answers that race.
 *
 * @throws {ForgedState} where the recovery is not as it was started
 */
export async function choosePath(
  id: string,
  client: string,
  path: RecoveryPath,
  ports: RecoveryPorts & { readonly stateKeys: StateKeys },
): Promise<ChooseOutcome> {
  if (forbidsFallback(ports.policy)) return { kind: 'fallback-disabled' };
  const found = await readRecovery(id, client, ports);
  // The same answer again: its first one has moved the workflow on, and where that stands now is the answer.
  if (found?.path === path && found.step?.type !== 'choose') return { kind: 'chosen', recovery: found };
  if (found?.step?.type !== 'choose') return { kind: 'challenge-closed' };
  const { stateKeys } = ports;
  confirmRecovery(found, stateKeys);
  if (!found.paths.includes(path)) return { kind: 'fallback-disabled' };
  const { token } = found.step;
  if (found.path !== undefined && found.path !== path) return { kind: 'challenge-closed' };
  const chosen =
    found.path === path ? found : await writeOnce(found, withPath(found, path, stateKeys), ports.recoveries);
  if (chosen === undefined) return hasLeft({ ...found, path }, ports);
  if ((await ports.workflow.succeed(token, { path })) === 'resumed') {
    return { kind: 'chosen', recovery: chosen };
  }
  return hasLeft(chosen, ports);
}

function withPath(found: Recovery, path: RecoveryPath, stateKeys: StateKeys): Partial<Recovery> {
  const { mac } = authenticRecovery({ ...found, path }, stateKeys);
  return { path, mac };
}

/**
 * Somebody chose before, or this very request did and its reply was lost. What the workflow writes next tells whether
 * it was the same path.
 */
async function hasLeft(
  { id, path }: Recovery,
  { recoveries, clock, pollUntil }: RecoveryPorts,
): Promise<ChooseOutcome> {
  const outcome = await pollUntil<ChooseOutcome>(async () => {
    const found = await recoveries.read(id);
    const recovery = found && withTime(found, clock.now());
    if (recovery === undefined || recovery.path !== path || recovery.status === 'timed-out') {
      return { kind: 'challenge-closed' };
    }
    return recovery.step?.type === 'choose' ? undefined : { kind: 'chosen', recovery };
  });
  if (outcome === undefined) throw new Unavailable('moving-workflow');
  return outcome;
}
