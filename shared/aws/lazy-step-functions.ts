/** The workflow of functions that rarely resume a recovery: the client of Step Functions is loaded for the first one. */
import type { Workflow } from '../domain/recovery/recovery.ts';

export function lazyWorkflow(stateMachineArn: string): Workflow {
  let workflow: Promise<Workflow> | undefined;
  const loaded = () => {
    workflow ??= import('./step-functions.ts').then(({ stepFunctions }) => stepFunctions(stateMachineArn));
    return workflow;
  };
  return {
    start: async (recoveryId, path) => (await loaded()).start(recoveryId, path),
    succeed: async (token, output) => (await loaded()).succeed(token, output),
    fail: async (token, error) => (await loaded()).fail(token, error),
  };
}
