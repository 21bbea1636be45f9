/** Opens the step of a recovery that waits for a backup code. */
import { openBackupCodeStep } from '../../shared/domain/recovery/open-step.ts';
import { stepRequestOf, type WorkflowTask } from '../../shared/lambda/workflow-task.ts';
import { logStep } from '../../shared/log/recovery-step.ts';
import type { Ports } from './ports.ts';

export async function askBackupCode(task: WorkflowTask, ports: Ports): Promise<object> {
  logStep('backup-code', await openBackupCodeStep(stepRequestOf(task), ports));
  return {};
}
