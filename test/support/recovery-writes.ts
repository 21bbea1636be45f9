/** The workflow's own writes to a recovery, without the challenges and notices around them. */
import { changeRecovery } from '../../shared/domain/recovery/change-recovery.ts';
import { decideEnd } from '../../shared/domain/recovery/end-recovery.ts';
import { decideStep } from '../../shared/domain/recovery/open-step.ts';
import type { Recovery, RecoveryPorts, RecoveryStep } from '../../shared/domain/recovery/recovery.ts';

type Ports = Pick<RecoveryPorts, 'recoveries' | 'clock'>;

export function writeStep(id: string, step: RecoveryStep, ports: Ports): Promise<Recovery | undefined> {
  return changeRecovery(id, (found) => decideStep(found, step), ports);
}

export function writeEnd(
  id: string,
  wanted: 'succeeded' | 'failed' | 'timed-out',
  ports: Ports,
): Promise<Recovery | undefined> {
  return changeRecovery(id, (found) => decideEnd(found, wanted, ports.clock.now()), ports);
}
