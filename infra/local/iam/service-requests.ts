/** What requests to SQS, KMS and Step Functions ask for: each operation on the one resource that it names. */
import type { Template } from '../template/template.ts';
import { arnIn, ask, type Rule, textIn } from './rules.ts';

/** Batches have the right of the single operation.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html */
export const queueRule: Rule = ({ operation, input, region }) => {
  const path = URL.parse(textIn(input, 'QueueUrl') ?? '')?.pathname ?? '';
  const name = path.slice(path.lastIndexOf('/') + 1);
  return [ask(`sqs:${operation.replace(/Batch$/, '')}`, arnIn(region, 'sqs', name))];
};

/** Keys by id or ARN. By an alias, AWS judges the key behind it, which is not looked up here.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html */
export const keyRule: Rule = ({ operation, input, region }) => {
  const id = textIn(input, 'KeyId') ?? '';
  if (/(^|:)alias\//.test(id)) return undefined;
  return [ask(`kms:${operation}`, id.startsWith('arn:') ? id : arnIn(region, 'kms', `key/${id}`))];
};

/** A task token names no resource, and AWS's page none for it. AWS asks for the machine that waits, say reports of
 * refusals. Which one is not known here, so that every machine has to be allowed.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html */
export function workflowRule(template: Template): Rule {
  const machines = template
    .ofType('AWS::StepFunctions::StateMachine')
    .map(([id]) => template.names(id)['Arn']);
  return ({ operation, input }) => {
    const action = `states:${operation}`;
    if (operation.startsWith('SendTask')) return machines.map((arn) => ask(action, arn));
    return [ask(action, textIn(input, 'executionArn') ?? textIn(input, 'stateMachineArn'))];
  };
}
