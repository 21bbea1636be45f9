/** What Lambda looks at before it polls a queue for a function: the rights of the function's own role. */
import type { Template } from '../template/template.ts';
import type { Authorizer } from './authorizer.ts';
import { roleArnOf } from './function-roles.ts';
import { ask } from './rules.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions */
const pollerActions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'] as const;

/** AWS would refuse the deployment. */
export class MissingGrantError extends Error {
  override readonly name = 'MissingGrantError';
}

/** @throws {MissingGrantError} for an event source that Lambda would not make. */
export function checkEventSources(template: Template, authorizer: Authorizer): void {
  for (const [id, { Properties }] of template.ofType('AWS::Lambda::EventSourceMapping')) {
    const functionId = template.idOf(template.text(Properties['FunctionName'], id), id);
    const queueArn = template.text(Properties['EventSourceArn'], id);
    for (const action of pollerActions) {
      const denied = authorizer.judgeRole(roleArnOf(template, functionId), ask(action, queueArn));
      if (denied !== undefined) throw new MissingGrantError(`${id}: ${denied}`);
    }
  }
}
