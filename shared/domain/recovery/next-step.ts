/** Waiting a moment for the workflow to open the next step, so that most people need not ask again. */
import { type Recovery, type RecoveryPorts, readRecovery } from './recovery.ts';

export async function nextStep(
  before: Recovery,
  ports: Pick<RecoveryPorts, 'recoveries' | 'clock' | 'pollUntil'>,
): Promise<Recovery> {
  if (!isBetweenSteps(before)) return before;
  const found = await ports.pollUntil(async () => {
    const latest = await readRecovery(before.id, before.client, ports);
    return latest && (latest.revision > before.revision || latest.status !== 'pending') ? latest : undefined;
  });
  return found ?? before;
}

function isBetweenSteps({ status, step, path }: Recovery): boolean {
  return status === 'pending' && (step === undefined || (step.type === 'choose' && path !== undefined));
}
