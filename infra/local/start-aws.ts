/** The AWS services behind the functions: the emulator, with the queues, keys and table that the template declares. */
import { ask } from './aws/ask.ts';
import { createTables } from './aws/create-tables.ts';
import { type AwsEmulator, type AwsEmulatorOptions, startAwsEmulator } from './aws/index.ts';
import type { Clock } from './clock/clock.ts';
import type { Call } from './connect/calls.ts';
import { UnsupportedTemplateError } from './template/intrinsics.ts';
import { account } from './template/names.ts';
import type { Template } from './template/template.ts';

export interface AwsServicesOptions {
  readonly template: Template;
  readonly clock: Clock;
  /** Where state survives a restart; absent: in memory. */
  readonly directory: string | undefined;
  readonly playCall: (call: Call) => Promise<string>;
  /** Services that the emulator does not bring itself. */
  readonly operations: NonNullable<AwsEmulatorOptions['operations']>;
  readonly authorize: NonNullable<AwsEmulatorOptions['authorize']>;
  readonly onCallError: () => void;
  readonly onSmsDropped: (line: string) => void;
}

/** Names that SDK clients and tools give the endpoints, by the name of the service in the emulator. */
const endpointVariables = {
  dynamodb: 'AWS_ENDPOINT_URL_DYNAMODB',
  sqs: 'AWS_ENDPOINT_URL_SQS',
  kms: 'AWS_ENDPOINT_URL_KMS',
  sns: 'AWS_ENDPOINT_URL_SNS',
  ses: 'AWS_ENDPOINT_URL_SES',
  connect: 'AWS_ENDPOINT_URL_CONNECT',
  states: 'AWS_ENDPOINT_URL_SFN',
  secretsmanager: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
} as const;

/** @throws {UnsupportedTemplateError} for a table, queue or key that the emulator does not serve. */
export async function startAwsServices(options: AwsServicesOptions): Promise<AwsEmulator> {
  const { template, clock, directory, playCall, operations, authorize, onCallError, onSmsDropped } = options;
  const keys = readKeys(template);
  const aws = await startAwsEmulator({
    now: clock.now,
    onMove: clock.onMove,
    queues: readQueues(template),
    keys,
    onCall: async (contact) => ({ spoken: await playCall(contact) }),
    onCallError,
    onSmsDropped,
    operations,
    authorize,
    ...(directory === undefined ? {} : { dataDir: directory }),
  });
  await Promise.all([
    createTables(template, aws.endpoint('dynamodb')),
    ...keys.map((key) => makeKey(key, aws.endpoint('kms'))),
  ]);
  aws.requests.reset();
  return aws;
}

/** Key pairs are made on first use, which can take longer than a client waits. */
async function makeKey({ id, spec }: AwsEmulatorOptions['keys'][number], endpoint: string): Promise<void> {
  if (spec === 'RSA_3072') await ask(endpoint, 'kms', '1.1', 'TrentService.GetPublicKey', { KeyId: id });
}

/** The variables that the Lambda service adds to a function, and the emulator's endpoints in place of AWS's own. */
export function serviceEnvironment({ region }: Template, aws: AwsEmulator): Record<string, string> {
  const services = Object.keys(endpointVariables) as (keyof typeof endpointVariables)[];
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    ...Object.fromEntries(services.map((service) => [endpointVariables[service], aws.endpoint(service)])),
  };
}

function readQueues(template: Template): AwsEmulatorOptions['queues'] {
  return template.ofType('AWS::SQS::Queue').map(([id, { Properties }]) => {
    if (Properties['FifoQueue'] === true)
      throw new UnsupportedTemplateError(`${id}: FIFO queues are not served`);
    const { QueueName: name = id, Arn: arn = '' } = template.names(id);
    const redrive = template.resolve(Properties['RedrivePolicy'] ?? {}, id) as {
      deadLetterTargetArn?: string;
      maxReceiveCount?: number;
    };
    const dead = redrive.deadLetterTargetArn;
    return {
      name,
      arn,
      path: `/${account}/${name}`,
      visibilityTimeoutSeconds: Number(Properties['VisibilityTimeout'] ?? 30),
      delaySeconds: Number(Properties['DelaySeconds'] ?? 0),
      ...(Properties['MessageRetentionPeriod'] === undefined
        ? {}
        : { retentionSeconds: Number(Properties['MessageRetentionPeriod']) }),
      ...(dead === undefined
        ? {}
        : {
            deadLetterQueue: template.names(template.idOf(dead, id))['QueueName'] ?? '',
            maxReceiveCount: Number(redrive.maxReceiveCount ?? 10),
          }),
    };
  });
}

/** Leaves symmetric keys out: they encrypt stored data, and no function asks for them. */
function readKeys(template: Template): AwsEmulatorOptions['keys'] {
  return template.ofType('AWS::KMS::Key').flatMap(([id, { Properties }]) => {
    const spec = Properties['KeySpec'] ?? 'SYMMETRIC_DEFAULT';
    if (spec === 'SYMMETRIC_DEFAULT') return [];
    if (spec !== 'HMAC_256' && spec !== 'RSA_3072') {
      throw new UnsupportedTemplateError(`${id}: keys of type ${spec} are not served`);
    }
    const { KeyId = '', Arn: arn = '' } = template.names(id);
    return [{ id: KeyId, arn, spec }];
  });
}
