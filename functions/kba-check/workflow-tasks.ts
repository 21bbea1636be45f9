/** Opens the step of a recovery that asks security questions. */
import { openKbaStep } from '../../shared/domain/recovery/open-step.ts';
import { stepRequestOf, type WorkflowTask } from '../../shared/lambda/workflow-task.ts';
import { logStep } from '../../shared/log/recovery-step.ts';
import { type Ports, worded } from './ports.ts';

export async function askInRecovery(task: WorkflowTask, ports: Ports): Promise<object> {
  logStep('kba', await openKbaStep(stepRequestOf(task), worded(ports), ports));
  return {};
}
