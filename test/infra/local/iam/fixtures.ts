/** Templates with one role, made of its statements, and requests that this role signs. */
import { createAuthorizer } from '../../../../infra/local/iam/authorizer.ts';
import { createTemplate, type Template } from '../../../../infra/local/template/template.ts';

type Resources = Readonly<
  Record<string, { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }>
>;

export const account = '000000000000';
const region = 'eu-central-1';
export const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;

export function templateWith(resources: Resources): Template {
  return createTemplate(
    { resources, region, assets: new Map() },
    { origin: 'http://127.0.0.1:1', queueOrigin: () => 'http://127.0.0.1:2' },
  );
}

const surroundings: Resources = {
  Storage: { Type: 'AWS::KMS::Key', Properties: {} },
  Pepper: { Type: 'AWS::KMS::Key', Properties: { KeySpec: 'HMAC_256' } },
  Work: { Type: 'AWS::SQS::Queue', Properties: {} },
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        { IndexName: 'users', KeySchema: [{ AttributeName: 'listKey', KeyType: 'HASH' }] },
      ],
      SSESpecification: { KMSMasterKeyId: { 'Fn::GetAtt': ['Storage', 'Arn'] } },
    },
  },
  Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineName: 'recovery' } },
};

const plain = templateWith(surroundings);
export const keyArn = plain.names('Storage')['Arn'] ?? '';
export const pepperArn = plain.names('Pepper')['Arn'] ?? '';

export const policyOf = (...statements: object[]) => ({ Version: '2012-10-17', Statement: statements });

/** @returns the template in which one role, of the construct `deliver`, has these statements. */
export function templateFor(statements: readonly object[], more: Resources = {}): Template {
  return templateWith({
    ...surroundings,
    Role: { Type: 'AWS::IAM::Role', Properties: {}, ...{ path: 'Stack/deliver/Role/Resource' } },
    Grants: {
      Type: 'AWS::IAM::Policy',
      Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: policyOf(...statements) },
    },
    ...more,
  });
}

export const roleArn = `arn:aws:iam::${account}:role/Role`;

type Service = Parameters<ReturnType<typeof createAuthorizer>['authorize']>[0];

/** @param body an object for the JSON protocols, a text for the others. */
export function signed(service: Service, body: unknown, accessKey = 'local-Role') {
  return {
    method: 'POST',
    path: '/',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKey}/20300101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  };
}

/** An authorizer whose role has the statements, with what it told. */
export function authorizerFor(statements: readonly object[], more?: Resources) {
  const told: string[] = [];
  const authorizer = createAuthorizer(templateFor(statements, more), (line) => told.push(line));
  const ask = (service: Service, operation: string, body: unknown, accessKey?: string) =>
    authorizer.authorize(service, operation, signed(service, body, accessKey))?.message ?? 'allowed';
  return { authorizer, told, ask };
}

export const allow = (action: string | readonly string[], resource: string, condition?: object) => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
  ...(condition === undefined ? {} : { Condition: condition }),
});
