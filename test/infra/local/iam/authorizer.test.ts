/** Who signs a request to the emulator, and how a refusal is told. */
import { describe, expect, it } from 'vitest';
import { createAuthorizer } from '../../../../infra/local/iam/authorizer.ts';
import { checkEventSources } from '../../../../infra/local/iam/event-source-rights.ts';
import { createInvocations } from '../../../../infra/local/iam/invocations.ts';
import type { Functions } from '../../../../infra/local/lambda/functions.ts';
import { account, allow, arn, authorizerFor, policyOf, roleArn, signed, templateFor } from './fixtures.ts';

const QueueUrl = 'http://127.0.0.1:2/000000000000/Work';

describe('whoever signs', () => {
  it('is the role whose key it is, and no grant of another one helps', () => {
    const { ask } = authorizerFor([], {
      Other: { Type: 'AWS::IAM::Role', Properties: {} },
      OtherGrants: {
        Type: 'AWS::IAM::Policy',
        Properties: { Roles: [{ Ref: 'Other' }], PolicyDocument: policyOf(allow('sqs:*', '*')) },
      },
    });
    expect(ask('sqs', 'SendMessage', { QueueUrl }, 'local-Other')).toBe('allowed');
    expect(ask('sqs', 'SendMessage', { QueueUrl }, 'local-Role')).toContain('sqs:SendMessage');
  });

  it('is not judged as the stack itself, and is refused as nobody', () => {
    const { ask } = authorizerFor([]);
    expect(ask('sqs', 'SendMessage', { QueueUrl }, 'local')).toBe('allowed');
    expect(ask('sqs', 'SendMessage', { QueueUrl }, 'local-Nobody')).toContain('security token');
    expect(ask('sqs', 'SendMessage', { QueueUrl }, 'AKIDEXAMPLE')).toContain('security token');
  });
});

describe('a refusal', () => {
  it.each([
    ['sns', 'Publish', 'PhoneNumber=%2B12025550123', 'AuthorizationError', 403],
    ['ses', 'SendEmail', 'Source=a%40example.com', 'AccessDenied', 403],
    ['connect', 'StartOutboundVoiceContact', {}, 'AccessDeniedException', 403],
    ['dynamodb', 'GetItem', { TableName: 'Table' }, 'AccessDeniedException', 400],
    ['sqs', 'SendMessage', { QueueUrl }, 'AccessDeniedException', 400],
    ['kms', 'Sign', { KeyId: 'x' }, 'AccessDeniedException', 400],
    ['states', 'StartExecution', { stateMachineArn: 'arn:x' }, 'AccessDeniedException', 400],
  ] as const)('of %s has the form of the service', (service, operation, body, code, status) => {
    const { authorizer } = authorizerFor([]);
    expect(authorizer.authorize(service, operation, signed(service, body))).toMatchObject({ code, status });
  });

  it('is told once, with role, action, resource and what to do', () => {
    const { ask, told } = authorizerFor([]);
    ask('sqs', 'SendMessage', { QueueUrl });
    ask('sqs', 'SendMessage', { QueueUrl });
    expect(told).toEqual([
      `deliver may not sqs:SendMessage on ${arn('sqs', 'Work')}. ` +
        'Next: grant that action on that resource in the policies of Stack/deliver/Role/Resource.',
    ]);
  });

  it('by an explicit deny says so', () => {
    const { ask, told } = authorizerFor([allow('sqs:*', '*')], {
      QueuePolicy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: [{ Ref: 'Work' }],
          PolicyDocument: policyOf({ ...allow('sqs:SendMessage', '*'), Effect: 'Deny', Principal: '*' }),
        },
      },
    });
    expect(ask('sqs', 'SendMessage', { QueueUrl })).toContain(
      'with an explicit deny in a resource-based policy',
    );
    expect(told[0]).toContain('look for the Deny');
  });
});

it('a topic’s own policy decides about it too', () => {
  const deny = { ...allow('sns:Publish', '*'), Effect: 'Deny', Principal: '*' };
  const { ask } = authorizerFor([allow('sns:Publish', '*')], {
    Alarms: { Type: 'AWS::SNS::Topic', Properties: {} },
    TopicPolicy: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: { Topics: [{ Ref: 'Alarms' }], PolicyDocument: policyOf(deny) },
    },
  });
  expect(ask('sns', 'Publish', `TopicArn=${arn('sns', 'Alarms')}`)).toContain(
    'with an explicit deny in a resource-based policy',
  );
  expect(ask('sns', 'Publish', `TopicArn=${arn('sns', 'Others')}`)).toBe('allowed');
});

describe('a template', () => {
  it.each([
    ['ManagedPolicyArns', ['arn:aws:iam::aws:policy/AdministratorAccess']],
    ['PermissionsBoundary', 'arn:aws:iam::aws:policy/PowerUserAccess'],
  ])('with a role that has %s is refused', (name, value) => {
    const role = { Role: { Type: 'AWS::IAM::Role', Properties: { [name]: value } } };
    expect(() => createAuthorizer(templateFor([], role), () => {})).toThrow(`Role: ${name} is not judged`);
  });

  it.each([
    ['AWS::IAM::RolePolicy', {}, 'Other: AWS::IAM::RolePolicy is not judged'],
    ['AWS::Lambda::ResourcePolicy', {}, 'Other: AWS::Lambda::ResourcePolicy is not judged'],
    ['AWS::SQS::QueueInlinePolicy', {}, 'Other: AWS::SQS::QueueInlinePolicy is not judged'],
    ['AWS::Lambda::LayerVersionPermission', {}, 'Other: AWS::Lambda::LayerVersionPermission is not judged'],
    [
      'AWS::DynamoDB::GlobalTable',
      { Replicas: [{ ResourcePolicy: {} }], KeySchema: [] },
      'Other: ResourcePolicy is not judged',
    ],
    ['AWS::DynamoDB::Table', { ResourcePolicy: {}, KeySchema: [] }, 'Other: ResourcePolicy is not judged'],
  ])('with a policy in a %s is refused, which nobody reads', (Type, Properties, message) => {
    const other = { Other: { Type, Properties } };
    expect(() => createAuthorizer(templateFor([], other), () => {})).toThrow(message);
  });

  it('gives a role its inline policies and managed ones too', () => {
    const work = arn('sqs', 'Work');
    const { ask } = authorizerFor([], {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: { Policies: [{ PolicyDocument: policyOf(allow('sqs:SendMessage', work)) }] },
      },
      Managed: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: {
          Roles: [{ Ref: 'Role' }],
          PolicyDocument: policyOf(allow('sqs:DeleteMessage', work)),
        },
      },
    });
    expect(ask('sqs', 'SendMessage', { QueueUrl })).toBe('allowed');
    expect(ask('sqs', 'DeleteMessage', { QueueUrl })).toBe('allowed');
    expect(ask('sqs', 'ReceiveMessage', { QueueUrl })).toContain('sqs:ReceiveMessage');
  });
});

const lambdaFunction = {
  Type: 'AWS::Lambda::Function',
  Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } },
};

describe('an event source', () => {
  const resources = {
    Worker: lambdaFunction,
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn: { 'Fn::GetAtt': ['Work', 'Arn'] }, FunctionName: { Ref: 'Worker' } },
    },
  };
  const check = (...actions: string[]) => {
    const template = templateFor([allow(actions, arn('sqs', 'Work'))], resources);
    checkEventSources(
      template,
      createAuthorizer(template, () => {}),
    );
  };

  it('needs what Lambda needs to poll, or the stack does not start', () => {
    const needed = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
    expect(() => check(...needed)).not.toThrow();
    for (const missing of needed) {
      const others = needed.filter((action) => action !== missing);
      expect(() => check(...others)).toThrow(`not authorized to perform: ${missing} on resource`);
    }
  });
});

describe('a call of a function', () => {
  const permission = (principal: string, properties: object) => ({
    Type: 'AWS::Lambda::Permission',
    Properties: {
      ...{ Action: 'lambda:InvokeFunction', FunctionName: { Ref: 'Worker' } },
      ...{ Principal: principal, ...properties },
    },
  });
  const functions: Functions = {
    invoke: async () => ({ payload: '"called"' }),
    load: async () => {},
    running: () => 0,
    stop: async () => {},
  };
  const event = (routeKey: string) => ({ routeKey, requestContext: { stage: '$default' } });
  const instance = arn('connect', 'instance/one');

  const invocationsWith = (
    statements: object[],
    more: Record<string, { Type: string; Properties: object }>,
  ) => {
    const resources = {
      Worker: lambdaFunction,
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: {} },
      Flow: { Type: 'AWS::Connect::ContactFlow', Properties: { InstanceArn: instance } },
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: { StateMachineName: 'recovery', RoleArn: roleArn },
      },
      ...more,
    };
    const template = templateFor(statements, resources as Parameters<typeof templateFor>[1]);
    return createInvocations(
      template,
      createAuthorizer(template, () => {}),
    );
  };
  const called = { payload: '"called"' };
  const denied = { failure: 'error', payload: expect.stringContaining('lambda:InvokeFunction') };

  it.each([
    ['every route', '/*/*/*', 'POST /v1/items', called],
    ['every route', '/*/*/*', '$default', denied],
    ['the default', '/*/$default', '$default', called],
    ['one route', '/*/GET/v1/items', 'POST /v1/items', denied],
    ['another API', 'x/*', 'POST /v1/items', denied],
  ])('by API Gateway with a permission for %s (%s) on %s', async (_, path, routeKey, expected) => {
    const SourceArn = arn('execute-api', `api${path}`);
    const { asApiGateway } = invocationsWith([], {
      Allowed: permission('apigateway.amazonaws.com', { SourceArn }),
    });
    expect(await asApiGateway(functions).invoke('Worker', event(routeKey))).toEqual(expected);
  });

  it.each([
    ['connect.amazonaws.com', instance, account, called],
    ['connect.amazonaws.com', arn('connect', 'instance/two'), account, denied],
    ['connect.amazonaws.com', instance, '111111111111', denied],
    ['apigateway.amazonaws.com', instance, account, denied],
  ])(
    'by Connect with a permission of %s for %s in %s',
    async (principal, SourceArn, SourceAccount, expected) => {
      const { asConnect } = invocationsWith([], {
        Allowed: permission(principal, { SourceArn, SourceAccount }),
      });
      expect(await asConnect(functions).invoke('Worker', {})).toEqual(expected);
    },
  );

  it('by the workflow needs the right of its role', async () => {
    const right = allow('lambda:InvokeFunction', arn('lambda', 'function:Worker'));
    const of = (statements: object[]) => invocationsWith(statements, {}).asStateMachine(functions.invoke);
    expect(await of([right])('Worker', {})).toEqual(called);
    expect(await of([])('Worker', {})).toEqual(denied);
  });
});
