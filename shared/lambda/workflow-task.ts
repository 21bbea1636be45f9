/** The recovery workflow's tasks as the functions receive them. */

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

export function tokenOf({ task, token }: WorkflowTask): string {
  if (token === undefined) throw new Error(`the task ${task} came without a token`);
  return token;
}
