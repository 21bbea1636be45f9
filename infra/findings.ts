/** Which packs of cdk-nag a stage is held to, and the findings that stand, each with the reason why. */
import { type App, CfnResource, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, type NagPack, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { doorRoutes, methodsOf, type Route, routes } from '../shared/http/routes.ts';
import type { Stage } from './configuration/stage.ts';
import type { MfaFallback } from './construct/mfa-fallback.ts';

export function packsOf(app: App): NagPack[] {
  return [new AwsSolutionsChecks(app), new ServerlessChecks(app), new NIST80053R5Checks(app)];
}

/** Why a route takes no access token, by the first part of its path. */
const reasons: Readonly<Record<string, string>> = {
  '.well-known': 'Keys and discovery are public: whoever checks an assertion reads them without a token.',
  v1: 'Health says that the door is open and nothing else.',
  windows:
    'The client of logon screens sends no token; the deployment key in its path is looked at by the function.',
  oidc: 'The provider knows its clients by their secret or key, and browsers by what they bring: the function looks.',
  'sign-in':
    'A browser has no token. The session behind the handle needs a cookie of its own, which the function looks at.',
  'not-me': 'Whoever has the link of a notice has no token; the function looks at the secret in it.',
  scim: 'A directory brings a static token, whose hash the function compares.',
};

function reasonOf(path: string): string {
  const reason = reasons[path.split('/')[1] ?? ''];
  if (reason === undefined) throw new Error(`say why ${path} takes no access token`);
  return reason;
}

const all: readonly Route[] = [...routes, ...doorRoutes];
const openRoutes = all
  .filter(({ scopes }) => scopes === null)
  .flatMap(({ method, path }) =>
    methodsOf(method).map((each) => ({
      at: `HttpApi/${each}-${path.replaceAll('/', '--')}`.replace('---', '--'),
      ids: [awsSolutions('APIG4')],
      reason: reasonOf(path),
    })),
  );

/** Of one part of the stack. */
const findings = [
  {
    at: 'Tokens/Pool',
    ids: ['COG1', 'COG2', 'COG8'].map(awsSolutions),
    reason:
      'The pool has clients and no people: there is no password, no factor and no threat protection to set.',
  },
  ...openRoutes,
  {
    at: 'Recovery/Machine',
    ids: [awsSolutions('SF2'), serverless('StepFunctionStateMachineXray')],
    reason:
      'The history of an execution tells every step already, and holds ids only; a trace would add nothing.',
  },
  {
    at: 'deliver/Role',
    ids: [awsSolutions('IAM5[Resource::*]')],
    reason:
      'SES asks for a right on more identities than the sender; the condition on the sender is the bound.',
  },
  {
    at: 'Rollout',
    ids: [
      awsSolutions(
        'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]',
      ),
    ],
    reason:
      'The policy that AWS keeps for CodeDeploy and Lambda, the smaller of its two. CodeDeploy alone takes the role, and ' +
      'can move aliases with it; it runs no code of anybody’s but hooks that are named for it, and there are none.',
  },
  {
    at: 'Recovery/Role',
    ids: [awsSolutions('IAM5[Resource::*]')],
    reason: 'Log delivery is set up per account: CloudWatch Logs has no resource to name for it.',
  },
  {
    at: 'Api/Unknown',
    ids: [awsSolutions('APIG4')],
    reason: 'Answers paths that do not exist with a problem document; there is nothing to protect.',
  },
] as const;

interface TypeFinding {
  readonly type: string;
  readonly ids: readonly string[];
  readonly reason: string;
  /** Only resources at such a path. */
  readonly at?: RegExp;
}

/** Of every resource of a type, since what the rule asks for does not fit how this backend uses it. */
const typeFindings: readonly TypeFinding[] = [
  {
    type: 'AWS::Lambda::Function',
    at: /\/(?!sms-status\/)[a-z-]+\/Function\/Resource$/,
    ids: [serverless('LambdaDLQ'), nist('LambdaDLQ')],
    reason:
      'Nobody invokes it asynchronously, which is all that this setting is for: API Gateway, Step Functions and Connect ' +
      'wait for its answer, and messages of queues that fail go to the queue’s own dead letters, with an alarm.',
  },
  {
    type: 'AWS::Lambda::Function',
    at: /\/sms-status\/Function\/Resource$/,
    ids: [serverless('LambdaDLQ'), nist('LambdaDLQ')],
    reason:
      'CloudWatch Logs invokes it, and Lambda repeats what failed twice within minutes. Later than that a status helps no ' +
      'code, and a queue of them would hold people’s numbers for longer than the day that their log does. Its errors ' +
      'raise an alarm.',
  },
  {
    type: 'AWS::Lambda::Function',
    ids: [nist('LambdaInsideVPC')],
    reason:
      'It talks to AWS’s own endpoints by TLS with a role of its own, and to nothing in a network of yours; inside a VPC ' +
      'it would gain no boundary, and each code would hang on a NAT gateway or on eight endpoints.',
  },
  {
    type: 'AWS::Lambda::Function',
    ids: [nist('LambdaConcurrency')],
    reason:
      'Functions whose callers show no token have a bound, unless the stage shares it in an account that is too small. The ' +
      'others are bounded by the throttles of their routes, the concurrency of their queues and the calls that are open; ' +
      'a share set aside for each would lock new accounts out, and starve one beside an idle one.',
  },
  {
    type: 'AWS::Lambda::Function',
    ids: [serverless('LambdaTracing')],
    reason:
      'A request crosses one function, and log lines carry its ids, those of API Gateway included. Behind that the clients of ' +
      'AWS send no trace header, so a trace would end where the log does, and be a second place that holds who signed in ' +
      'when, under another key and for another time.',
  },
  {
    type: 'AWS::Lambda::EventSourceMapping',
    ids: [serverless('LambdaEventSourceMappingDestination')],
    reason:
      'Lambda takes such a destination for streams and Kafka. Queues have a redrive policy instead, which is set.',
  },
  {
    type: 'AWS::SQS::Queue',
    at: /-dead\/Resource$/,
    ids: [serverless('SQSRedrivePolicy')],
    reason: 'It is where dead letters go. Whatever is in it raises an alarm, and stays for two weeks.',
  },
  {
    type: 'AWS::SNS::Subscription',
    ids: [serverless('SNSRedrivePolicy')],
    reason:
      'SNS hands emails over and repeats that itself. An alarm that reached nobody is still an alarm in CloudWatch; a ' +
      'queue of old ones would be one more thing to watch.',
  },
  {
    type: 'AWS::Events::Rule',
    ids: [serverless('EventBusDLQ')],
    reason:
      'EventBridge repeats for a day, and a key that is off for longer has long raised the alarms of what it stops. What ' +
      'the event says is in CloudTrail as well.',
  },
  {
    type: 'AWS::IAM::Policy',
    ids: [nist('IAMNoInlinePolicy')],
    reason:
      'The policy belongs to one role and goes with it. A managed one could be attached to another, which none of these ' +
      'rights are meant for.',
  },
  {
    type: 'AWS::DynamoDB::Table',
    ids: [nist('DynamoDBInBackupPlan')],
    reason:
      'It can be restored to any second of the last 35 days, and is protected from deletion. A copy in a vault or another ' +
      'account is a plan of the organisation, which selects the table by its tag `stage`.',
  },
];

export function acknowledgeFindings(
  fallback: MfaFallback,
  { region, voice, account = '<AWS::AccountId>' }: Stage,
): void {
  for (const { at, ids, reason } of findings) {
    for (const id of ids) acknowledge(fallback, at, id, reason);
  }
  for (const resource of fallback.node.findAll().filter((each) => CfnResource.isCfnResource(each)))
    acknowledgeType(resource);
  if (voice === undefined) return;
  const contacts = `arn:aws:connect:${region}:${account}:instance/${voice.instanceId}/contact/*`;
  const reason = 'A contact has no name before the call is placed; the instance is named.';
  acknowledge(fallback, 'deliver/Role', awsSolutions(`IAM5[Resource::${contacts}]`), reason);
}

function acknowledgeType(resource: CfnResource): void {
  for (const { type, ids, reason, at } of typeFindings) {
    if (resource.cfnResourceType !== type) continue;
    if (at !== undefined && !at.test(resource.node.path)) continue;
    for (const id of ids) Validations.of(resource).acknowledge({ id, reason });
  }
}

/** A stage may go without the part. */
function acknowledge(fallback: MfaFallback, path: string, id: string, reason: string): void {
  const found = path
    .split('/')
    .reduce<IConstruct | undefined>((node, child) => node?.node.tryFindChild(child), fallback);
  if (found) Validations.of(found).acknowledge({ id, reason });
}

function awsSolutions(id: string): string {
  return `AwsSolutions::AwsSolutions-${id}`;
}

function serverless(id: string): string {
  return `Serverless::Serverless-${id}`;
}

function nist(id: string): string {
  return `NIST.800.53.R5::NIST.800.53.R5-${id}`;
}
