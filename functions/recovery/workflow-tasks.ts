/** Opens the step of a recovery that asks for a path, and records how a recovery ended. */
import { endRecovery } from '../../shared/domain/recovery/end-recovery.ts';
import { openChooseStep } from '../../shared/domain/recovery/open-step.ts';
import { failureOf, type RecoveryStatus } from '../../shared/domain/recovery/recovery.ts';
import { stepRequestOf, type WorkflowTask } from '../../shared/lambda/workflow-task.ts';
import { log } from '../../shared/log/log.ts';
import type { Ports } from './ports.ts';

export async function askPath(task: WorkflowTask, ports: Ports): Promise<object> {
  await openChooseStep(stepRequestOf(task), ports);
  return {};
}

export function end(wanted: Exclude<RecoveryStatus, 'pending'>) {
  return async ({ task, recoveryId, reason }: WorkflowTask, ports: Ports): Promise<object> => {
    const ended = await endRecovery(recoveryId, wanted, ports);
    if (ended === undefined) throw new Error('the recovery is not there');
    const { person: user, client, path = 'none', status } = ended.recovery;
    if (ended.forged !== undefined) log('forged-state', { route: `task ${task}`, state: ended.forged });
    log('recovery-ended', {
      user,
      client,
      recovery: recoveryId,
      status,
      path,
      ...(reason === undefined ? {} : { reason: failureOf(reason) }),
    });
    return { status };
  };
}
