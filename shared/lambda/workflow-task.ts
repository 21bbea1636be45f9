/** The recovery workflow's tasks as the functions receive them. */

/** `token` resumes the workflow; absent where it waits for the function itself. */
export interface TaskEvent {
  readonly task: string;
  readonly recoveryId: string;
  readonly token?: string;
  /** Why a recovery failed: the name of an error. */
  readonly reason?: string;
}

export type Tasks<Ports> = Readonly<Record<string, (event: TaskEvent, ports: Ports) => Promise<object>>>;

export function isTask(event: object): event is TaskEvent {
  return 'task' in event && 'recoveryId' in event;
}

export function tokenOf({ task, token }: TaskEvent): string {
  if (token === undefined) throw new Error(`the task ${task} came without a token`);
  return token;
}
