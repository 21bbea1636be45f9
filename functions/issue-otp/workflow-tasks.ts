/** Opens the step of a recovery that sends a code to the alternate email. */
import { openOtpStep } from '../../shared/domain/recovery/open-step.ts';
import { stepRequestOf, type WorkflowTask } from '../../shared/lambda/workflow-task.ts';
import { logStep } from '../../shared/log/recovery-step.ts';
import type { Ports } from './ports.ts';

export async function sendCode(task: WorkflowTask, ports: Ports): Promise<object> {
  logStep('otp', await openOtpStep(stepRequestOf(task), ports));
  return {};
}
