/** The tasks of the recovery workflow, as functions receive them. */
import type { StepRequest } from '../domain/recovery/open-step.ts';

export interface WorkflowTask {
  readonly task: string;
  readonly recoveryId: string;
  /** Resumes the workflow; absent if the workflow waits for the function itself. */
  readonly token?: string;
  /** Why the recovery failed: the name of an error. */
  readonly reason?: string;
}

export type WorkflowTasks<Ports> = Readonly<
  Record<string, (event: WorkflowTask, ports: Ports) => Promise<object>>
>;

export function isWorkflowTask(event: object): event is WorkflowTask {
  return 'task' in event && 'recoveryId' in event;
}

/**
 * The step that the workflow waits for.
 *
 * @throws `Error` if the task has no token
 */
export function stepRequestOf({ task, recoveryId, token }: WorkflowTask): StepRequest {
  if (token === undefined) throw new Error(`the task ${task} came without a token`);
  return { recoveryId, token };
}
