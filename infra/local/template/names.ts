/** Names, ARNs and URLs of resources: the values of `Ref` and `Fn::GetAtt`, by resource type. */
import { createHash } from 'node:crypto';
import type { Resource } from './assembly.ts';

/** Account number of the local stack, as documentation uses it. */
export const account = '000000000000';

export interface Place {
  readonly region: string;
  /** Base URL at which queues are reached, without a slash at its end. */
  queueOrigin(): string;
}

/** Values by attribute; `Ref` under its own name. */
export type Attributes = Readonly<Record<string, string>>;

type Naming = (id: string, physicalName: string | undefined, place: Place) => Attributes;

const arn = (place: Place, service: string, rest: string) =>
  `arn:aws:${service}:${place.region}:${account}:${rest}`;

/** The same UUID at every start, so that data meets the key that it was made with. */
function stableUuid(id: string): string {
  const hex = createHash('sha256').update(id).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

const table: Naming = (id, name = id, place) => {
  const tableArn = arn(place, 'dynamodb', `table/${name}`);
  return { Ref: name, Arn: tableArn, TableId: stableUuid(id) };
};

const namings: Readonly<Record<string, Naming>> = {
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::DynamoDB::Table': table,
  'AWS::SQS::Queue': (id, name = id, place) => {
    // A getter, because a queue's names are asked for before the address of the queues is known.
    const url = (): string => `${place.queueOrigin()}/${account}/${name}`;
    return {
      Arn: arn(place, 'sqs', name),
      QueueName: name,
      get Ref() {
        return url();
      },
      get QueueUrl() {
        return url();
      },
    };
  },
  'AWS::KMS::Key': (id, _, place) => {
    const keyId = stableUuid(id);
    return { Ref: keyId, Arn: arn(place, 'kms', `key/${keyId}`), KeyId: keyId };
  },
  'AWS::KMS::Alias': (id, name = `alias/${id}`) => ({ Ref: name }),
  'AWS::IAM::Role': (id, name = id) => ({ Ref: name, Arn: `arn:aws:iam::${account}:role/${name}` }),
  'AWS::Logs::LogGroup': (id, name = id, place) => ({
    Ref: name,
    Arn: arn(place, 'logs', `log-group:${name}:*`),
  }),
  'AWS::SNS::Topic': (id, name = id, place) => {
    const topicArn = arn(place, 'sns', name);
    return { Ref: topicArn, TopicArn: topicArn, TopicName: name };
  },
  'AWS::Lambda::Function': (id, name = id, place) => ({
    Ref: name,
    Arn: arn(place, 'lambda', `function:${name}`),
  }),
  'AWS::ApiGatewayV2::Api': (id, _, place) => {
    const apiId = id.toLowerCase();
    return {
      Ref: apiId,
      ApiId: apiId,
      ApiEndpoint: `https://${apiId}.execute-api.${place.region}.amazonaws.com`,
    };
  },
  'AWS::ApiGatewayV2::Integration': (id) => ({ Ref: id.toLowerCase() }),
  'AWS::ApiGatewayV2::Authorizer': (id) => ({ Ref: id.toLowerCase(), AuthorizerId: id.toLowerCase() }),
  'AWS::Connect::ContactFlow': (id, _, place) => {
    const flowArn = arn(
      place,
      'connect',
      `instance/${stableUuid('instance')}/contact-flow/${stableUuid(id)}`,
    );
    return { Ref: flowArn, ContactFlowArn: flowArn };
  },
  'AWS::SES::ConfigurationSet': (id, name = id) => ({ Ref: name }),
  'AWS::StepFunctions::StateMachine': (id, name = id, place) => {
    const machineArn = arn(place, 'states', `stateMachine:${name}`);
    return { Ref: machineArn, Arn: machineArn, Name: name };
  },
};

/** @returns undefined for a type that the local stack has no names for. */
export function attributesOf(
  id: string,
  resource: Resource,
  name: unknown,
  place: Place,
): Attributes | undefined {
  return namings[resource.Type]?.(id, typeof name === 'string' ? name : undefined, place);
}

/** The property in which a resource type carries the name that its author chose, where it has one. */
export const nameProperty: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::KMS::Alias': 'AliasName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::SES::ConfigurationSet': 'Name',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
};
