/** The stack: which parts there are and what each is given. */
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { policyVersion } from '../shared/domain/policy/policy-version.ts';
import { readSender, type Sender, senderHeader } from '../shared/domain/text/email-address.ts';
import type { FunctionName } from '../shared/environment/variables.ts';
import { questionsVariable } from './configuration/questions.ts';
import type { Stage } from './configuration/stage.ts';
import { Alarms } from './construct/alarms.ts';
import { Api } from './construct/api.ts';
import { DeliveryQueues } from './construct/delivery.ts';
import { FallbackFunction, type Variables } from './construct/functions.ts';
import { allow, arnsOf, Keys, keyList } from './construct/keys.ts';
import { RecoveryWorkflow } from './construct/recovery.ts';
import { FallbackTable } from './construct/table.ts';
import { Tokens } from './construct/tokens.ts';
import { Voice } from './construct/voice.ts';

export interface FallbackStackProps extends StackProps {
  readonly stage: Stage;
  /** The bundle of a function. */
  readonly code: (name: FunctionName) => lambda.Code;
}

const read = ['dynamodb:GetItem'] as const;
const change = ['dynamodb:GetItem', 'dynamodb:UpdateItem'] as const;
const create = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'] as const;

export class FallbackStack extends Stack {
  constructor(scope: Construct, id: string, { stage, code, ...props }: FallbackStackProps) {
    super(scope, id, props);
    const keys = new Keys(this, 'Keys', stage);
    const { table } = new FallbackTable(this, 'Data', keys.storage);
    const queues = new DeliveryQueues(this, 'Delivery', { voice: stage.voice !== undefined });
    const tokens = new Tokens(this, 'Tokens', stage);
    const api = new apigateway.HttpApi(this, 'HttpApi', { createDefaultStage: false });

    const variables: Variables = {
      TABLE_NAME: table.tableName,
      FALLBACK_POLICY: JSON.stringify(stage.policy),
      PEPPER_KEYS: keyList(keys.pepper),
      SIGNING_KEYS: keyList(keys.signing),
      ASSERTION_ISSUER: api.apiEndpoint,
      CLIENT_ID_CLAIM: tokens.clientIdClaim,
      ...defined({
        SMS_QUEUE_URL: queues.url('sms'),
        EMAIL_QUEUE_URL: queues.url('email'),
        CALL_QUEUE_URL: queues.url('call'),
        NOTICE_QUEUE_URL: queues.url('notice'),
        QUESTIONS: stage.questions && questionsVariable(stage.questions),
        SMS_ORIGIN_HOST: stage.sms.originHost,
        SMS_SENDER_ID: stage.sms.senderId,
        SMS_ORIGINATION_NUMBER: stage.sms.originationNumber,
        EMAIL_CONFIGURATION_SET: stage.email.configurationSet,
        CALL_MAX_PRICE_USD: stage.voice?.maxPriceUsd?.toString(),
        CONNECT_REGION: stage.voice?.region,
        CONNECT_INSTANCE_ID: stage.voice?.instanceId,
        CONNECT_QUEUE_ID: stage.voice?.queueId,
        CONNECT_SOURCE_NUMBER: stage.voice?.sourcePhoneNumber,
      }),
      SMS_MAX_PRICE_USD: String(stage.sms.maxPriceUsd),
      EMAIL_FROM: senderHeader(senderOf(stage)),
      ORGANISATION_NAME: stage.organisation.name,
      SUPPORT_CONTACT: stage.organisation.supportContact,
      DEFAULT_LOCALE: stage.organisation.defaultLocale,
      DECOY_EMAIL_DOMAIN: stage.organisation.emailDomain,
      RECOVERY_MACHINE_ARN: RecoveryWorkflow.arnIn(this),
    };

    const make = (name: FunctionName, description: string, own: Variables = {}) =>
      new FallbackFunction(this, name, {
        name,
        description,
        code: code(name),
        variables: { ...variables, ...own },
        logKey: keys.storage,
      });
    const useTable = ({ function: fn }: FallbackFunction, actions: readonly string[]) => {
      allow(fn, actions, [table.tableArn]);
      keys.allowTable(fn);
      allow(fn, ['kms:GenerateMac'], arnsOf(keys.pepper));
    };

    const issueOtp = make('issue-otp', 'Starts challenges and sends new codes for them');
    useTable(issueOtp, create);
    allow(issueOtp.function, ['sqs:SendMessage'], queues.arns('sms', 'email', 'call'));

    const verifyOtp = make('verify-otp', 'Verifies codes and asserts it');
    useTable(verifyOtp, create);
    allow(verifyOtp.function, ['kms:Sign'], arnsOf(keys.signing));
    allow(verifyOtp.function, ['sqs:SendMessage'], queues.arns('notice'));

    const kbaCheck = make('kba-check', 'Puts security questions and judges the answers');
    useTable(kbaCheck, create);
    allow(kbaCheck.function, ['kms:Sign'], arnsOf(keys.signing));

    const recovery = make('recovery', 'Starts recoveries and writes down how they end');
    useTable(recovery, create);
    allow(recovery.function, ['kms:Sign'], arnsOf(keys.signing));
    allow(recovery.function, ['sqs:SendMessage'], queues.arns('notice'));
    const workflow = new RecoveryWorkflow(this, 'Recovery', {
      policy: stage.policy,
      functions: {
        recovery: recovery.function,
        'kba-check': kbaCheck.function,
        'issue-otp': issueOtp.function,
        'verify-otp': verifyOtp.function,
      },
      logKey: keys.storage,
    });

    const generateBackupCode = make('generate-backup-code', 'Makes, counts and revokes backup codes');
    useTable(generateBackupCode, change);
    allow(generateBackupCode.function, ['sqs:SendMessage'], queues.arns('notice'));

    const users = make('users', 'Enrols, reads, removes and unlocks users');
    useTable(users, create);
    allow(users.function, ['dynamodb:Query'], [`${table.tableArn}/index/users`]);
    allow(users.function, ['sqs:SendMessage'], queues.arns('notice'));

    const policy = make('policy', 'Tells policy, keys and health');
    allow(policy.function, ['kms:GetPublicKey'], arnsOf(keys.signing));

    const speakOtp = make('speak-otp', 'Tells the contact flow of a call what to say');
    useTable(speakOtp, read);
    const voice =
      stage.voice &&
      new Voice(this, 'Voice', {
        ...stage.voice,
        stageName: stage.name,
        speaker: speakOtp.function,
      });

    const deliver = make(
      'deliver',
      'Sends codes and notices',
      voice ? { CONNECT_FLOW_ID: voice.flowId } : {},
    );
    useTable(deliver, change);
    allow(deliver.function, ['sqs:SendMessage'], queues.arns('sms', 'email', 'call', 'notice'));
    this.allowCarriers(deliver.function, stage, voice);
    queues.feed(deliver.function);

    const behindApi = {
      'issue-otp': issueOtp,
      'verify-otp': verifyOtp,
      'kba-check': kbaCheck,
      'generate-backup-code': generateBackupCode,
      recovery,
      users,
      policy,
    };
    new Api(this, 'Api', {
      api,
      tokens,
      functions: Object.fromEntries(Object.entries(behindApi).map(([name, { function: fn }]) => [name, fn])),
      logKey: keys.storage,
    });
    new Alarms(this, 'Alarms', {
      email: stage.alarms.email,
      key: keys.storage,
      functions: [
        issueOtp,
        verifyOtp,
        kbaCheck,
        recovery,
        generateBackupCode,
        users,
        policy,
        speakOtp,
        deliver,
      ],
      queues,
      api,
      recovery: workflow.machine,
      stageName: stage.name,
    });
    new CfnOutput(this, 'Stage', { value: stage.name });
    new CfnOutput(this, 'PolicyVersion', {
      value: policyVersion(stage.policy),
      description: 'What log lines that were decided by this policy carry as policy',
    });
    new CfnOutput(this, 'Region', { value: this.region });
    new CfnOutput(this, 'TableName', { value: table.tableName });
  }

  /** A phone number has no ARN to name; a topic has, so everything but topics is allowed. */
  private allowCarriers(worker: lambda.IFunction, stage: Stage, voice: Voice | undefined): void {
    worker.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['sns:Publish'],
        notResources: [`arn:${this.partition}:sns:*:*:*`],
      }),
    );
    const identity = (resourceName: string) =>
      this.formatArn({ service: 'ses', resource: 'identity', resourceName });
    const { address } = senderOf(stage);
    const sender = [address, address.slice(address.lastIndexOf('@') + 1)].map(identity);
    const set = stage.email.configurationSet;
    const sets = set
      ? [this.formatArn({ service: 'ses', resource: 'configuration-set', resourceName: set })]
      : [];
    worker.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['ses:SendEmail'],
        resources: [...sender, ...sets],
        conditions: { StringEquals: { 'ses:FromAddress': address } },
      }),
    );
    if (voice) allow(worker, ['connect:StartOutboundVoiceContact'], [`${voice.instanceArn}/contact/*`]);
  }
}

/** Validated with the stage. */
function senderOf({ email }: Stage): Sender {
  return readSender(email.from) ?? { address: email.from };
}

function defined(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
