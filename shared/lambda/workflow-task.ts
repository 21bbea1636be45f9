/** The recovery workflow's tasks as the functions receive them. */
import type { StepRequest } from '../domain/recovery/open-step.ts';

/** `token` resumes the workflow; absent where it waits for the function itself. */
export interface WorkflowTask {
  readonly task: string;
  readonly recoveryId: string;
  readonly token?: string;
  /** Why a recovery failed: the name of an error. */
  readonly reason?: string;
}

export type WorkflowTasks<Ports> = Readonly<
  Record<string, (event: WorkflowTask, ports: Ports) => Promise<object>>
>;

export function isWorkflowTask(event: object): event is WorkflowTask {
  return 'task' in event && 'recoveryId' in event;
}

/** The step that the workflow waits for. @throws when it waits for the function itself and gave no token. */
export function stepRequestOf({ task, recoveryId, token }: WorkflowTask): StepRequest {
  if (token === undefined) throw new Error(`the task ${task} came without a token`);
  return { recoveryId, token };
}
