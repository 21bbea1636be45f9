/** Who may call the functions: API Gateway, Connect and logs by the functions' own policies, a state machine by its role. */
import type { Functions } from '../lambda/functions.ts';
import { failed, type InvokeResult } from '../lambda/invoke-result.ts';
import { UnsupportedTemplateError } from '../template/intrinsics.ts';
import { account } from '../template/names.ts';
import type { Template } from '../template/template.ts';
import type { Asked } from './asked.ts';
import type { Authorizer } from './authorizer.ts';
import { arnIn, ask } from './rules.ts';

type Invoke = Functions['invoke'];

export interface Invocations {
  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html */
  asApiGateway(functions: Functions): Functions;
  /** https://docs.aws.amazon.com/connect/latest/adminguide/connect-lambda-functions.html */
  asConnect(functions: Functions): Functions;
  /** For a log group: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html */
  asLogs(functions: Functions): (id: string, logGroupArn: string, event: unknown) => Promise<InvokeResult>;
  /** https://docs.aws.amazon.com/step-functions/latest/dg/lambda-iam.html */
  asStateMachine(invoke: Invoke): Invoke;
}

/** @throws {UnsupportedTemplateError} where it cannot be told who calls. */
export function createInvocations(template: Template, authorizer: Authorizer): Invocations {
  const machineRole = readMachineRole(template);
  const apiId = template.ofType('AWS::ApiGatewayV2::Api').map(([id]) => template.names(id)['Ref'])[0];
  const [instanceArn] = template
    .ofType('AWS::Connect::ContactFlow')
    .map(([id, { Properties }]) => template.text(Properties['InstanceArn'], id));

  const invoked = (id: string, context: Asked['context'] = {}) =>
    ask('lambda:InvokeFunction', template.names(id)['Arn'], context);
  /** What a service says about itself: the resource for which it calls, and whose that is.
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcearn */
  const source = (arn: string) => ({ 'aws:SourceArn': [arn], 'aws:SourceAccount': [account] });

  return {
    asApiGateway: (functions) => ({
      ...functions,
      invoke: (id, event) => {
        const route = arnIn(template.region, 'execute-api', `${apiId}/${routeOf(event)}`);
        const denied = authorizer.judgeService('apigateway.amazonaws.com', invoked(id, source(route)));
        return denied === undefined ? functions.invoke(id, event) : refused(denied);
      },
    }),
    asConnect: (functions) => ({
      ...functions,
      invoke: (id, event) => {
        const context = instanceArn === undefined ? {} : source(instanceArn);
        const denied = authorizer.judgeService('connect.amazonaws.com', invoked(id, context));
        return denied === undefined ? functions.invoke(id, event) : refused(denied);
      },
    }),
    asLogs: (functions) => (id, logGroupArn, event) => {
      const denied = authorizer.judgeService('logs.amazonaws.com', invoked(id, source(logGroupArn)));
      return denied === undefined ? functions.invoke(id, event) : refused(denied);
    },
    asStateMachine: (invoke) => (id, event) => {
      const denied = machineRole && authorizer.judgeRole(machineRole, invoked(id));
      return denied === undefined ? invoke(id, event) : refused(denied);
    },
  };
}

/** Reports of refused tasks show this error name. */
function refused(message: string): Promise<InvokeResult> {
  return Promise.resolve(failed('error', 'Lambda.AWSLambdaException', message));
}

/** `stage/METHOD/path`, or `stage/$default`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
function routeOf(event: unknown): string {
  const { routeKey, requestContext } = event as { routeKey: string; requestContext: { stage: string } };
  return `${requestContext.stage}/${routeKey.replace(' ', '')}`;
}

/** Tasks do not tell for which machine they are called. */
function readMachineRole(template: Template): string | undefined {
  const roles = template
    .ofType('AWS::StepFunctions::StateMachine')
    .map(([id, { Properties }]) => template.text(Properties['RoleArn'], id));
  if (new Set(roles).size > 1) {
    throw new UnsupportedTemplateError('the rights of several state machines are not told apart');
  }
  return roles[0];
}
