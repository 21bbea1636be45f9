/** Which action, resource and keys of the context a request to each service needs. */
import { describe, expect, it } from 'vitest';
import { allow, arn, authorizerFor, keyArn, pepperArn } from './fixtures.ts';

const table = arn('dynamodb', 'table/Table');
const keyActions = ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo'];
const keyUse = keyActions.map((action) => `kms:${action}`);
const useKey = allow(keyUse, keyArn, {
  StringEquals: { 'kms:ViaService': 'dynamodb.eu-central-1.amazonaws.com' },
});
const leading = (...keys: string[]) => ({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } });

const denied = (action: string, resource: string) =>
  expect.stringContaining(`is not authorized to perform: ${action} on resource: ${resource} because no`);

describe('a request to the table', () => {
  const item = (pk: string) => ({ TableName: 'Table', Key: { pk: { S: pk }, sk: { S: 'x' } } });

  it.each(['GetItem', 'UpdateItem', 'DeleteItem'])('needs the action %s on the table', (operation) => {
    const { ask } = authorizerFor([allow(`dynamodb:${operation}`, table), useKey]);
    expect(ask('dynamodb', operation, item('user#a'))).toBe('allowed');
    expect(ask('dynamodb', 'PutItem', { TableName: 'Table', Item: {} })).toEqual(
      denied('dynamodb:PutItem', table),
    );
  });

  it('needs the use of the table’s key through DynamoDB, as whoever asks', () => {
    const get = allow('dynamodb:GetItem', table);
    const through = (service: string) => ({ StringEquals: { 'kms:ViaService': service } });
    const ask = (...statements: object[]) =>
      authorizerFor([get, ...statements]).ask('dynamodb', 'GetItem', item('user#a'));
    expect(ask()).toMatch(
      /^KMS key access denied error: User: .* is not authorized to perform: kms:Decrypt on resource/,
    );
    expect(ask(allow(keyUse, keyArn, through('s3.eu-central-1.amazonaws.com')))).toContain('kms:Decrypt');
    expect(ask(allow(keyUse, pepperArn))).toContain('kms:Decrypt');
    expect(ask({ ...useKey, Action: keyUse.filter((action) => action !== 'kms:Encrypt') })).toContain(
      'kms:Encrypt',
    );
    expect(ask(useKey)).toBe('allowed');
  });

  it('is held to its leading keys: of an item, of a put, of a query', () => {
    const actions = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'];
    const { ask } = authorizerFor([allow(actions, table, leading('user#*')), useKey]);
    const put = (pk: string) => ({ TableName: 'Table', Item: { pk: { S: pk }, sk: { S: 'x' } } });
    const query = (pk: string) => ({
      TableName: 'Table',
      KeyConditionExpression: '#k = :v AND begins_with(sk, :s)',
      ExpressionAttributeNames: { '#k': 'pk' },
      ExpressionAttributeValues: { ':v': { S: pk }, ':s': { S: 'x' } },
    });
    for (const [operation, body] of [
      ['GetItem', item],
      ['PutItem', put],
      ['Query', query],
    ] as const) {
      expect(ask('dynamodb', operation, body('user#a'))).toBe('allowed');
      expect(ask('dynamodb', operation, body('quota#a'))).toEqual(denied(`dynamodb:${operation}`, table));
    }
  });

  it('with a grant on leading keys may scan everything, where Scan is granted: it has no key', () => {
    const scan = { TableName: 'Table' };
    const withScan = authorizerFor([allow('dynamodb:Scan', table, leading('user#*')), useKey]);
    expect(withScan.ask('dynamodb', 'Scan', scan)).toBe('allowed');
    const present = { ...leading('user#*'), Null: { 'dynamodb:LeadingKeys': 'false' } };
    const withNull = authorizerFor([allow('dynamodb:Scan', table, present), useKey]);
    expect(withNull.ask('dynamodb', 'Scan', scan)).toEqual(denied('dynamodb:Scan', table));
  });

  it('asks for the index that it queries, by the index’s own partition key', () => {
    const index = `${table}/index/users`;
    const query = {
      TableName: 'Table',
      IndexName: 'users',
      KeyConditionExpression: ':list = listKey',
      ExpressionAttributeValues: { ':list': { S: 'enrolled' } },
    };
    const ask = (...statements: object[]) =>
      authorizerFor([...statements, useKey]).ask('dynamodb', 'Query', query);
    expect(ask(allow('dynamodb:Query', index, leading('enrolled')))).toBe('allowed');
    expect(ask(allow('dynamodb:Query', index, leading('other')))).toEqual(denied('dynamodb:Query', index));
    expect(ask(allow('dynamodb:Query', table))).toEqual(denied('dynamodb:Query', index));
  });

  it('whose partition key cannot be read is refused, for nobody could judge it', () => {
    const { ask, told } = authorizerFor([allow('dynamodb:*', '*'), useKey]);
    const query = { TableName: 'Table', KeyConditions: { pk: {} } };
    expect(ask('dynamodb', 'Query', query)).toContain('in a way that no rule judges');
    expect(ask('dynamodb', 'TransactWriteItems', {})).toContain('in a way that no rule judges');
    expect(told[0]).toContain('teach infra/local/iam');
  });
});

describe('a request to a carrier', () => {
  const from = 'no-reply@example.com';
  const email = new URLSearchParams({
    ...{ Source: `Example <${from}>`, 'Destination.ToAddresses.member.1': 'alice@example.org' },
    ConfigurationSetName: 'mfa',
  }).toString();
  const sender = (address: string) => ({ StringEquals: { 'ses:FromAddress': address } });
  const resources = [
    'identity/no-reply@example.com',
    'identity/example.com',
    'configuration-set/mfa',
    'identity/alice@example.org',
  ].map((name) => arn('ses', name));
  const sendFrom = (address: string, named: readonly string[]) =>
    named.map((resource) => allow('ses:SendEmail', resource, sender(address)));

  it('needs every identity and set that SES may look at, for an email', () => {
    expect(authorizerFor(sendFrom(from, resources)).ask('ses', 'SendEmail', email)).toBe('allowed');
    for (const missing of resources) {
      const others = resources.filter((resource) => resource !== missing);
      expect(authorizerFor(sendFrom(from, others)).ask('ses', 'SendEmail', email)).toEqual(
        denied('ses:SendEmail', missing),
      );
    }
    expect(authorizerFor(sendFrom(from, ['*'])).ask('ses', 'SendEmail', email)).toBe('allowed');
  });

  it('is held to the address that an email is from', () => {
    const { ask, told } = authorizerFor(sendFrom('other@example.com', ['*']));
    expect(ask('ses', 'SendEmail', email)).toContain('ses:SendEmail');
    expect(told[0]).toContain('the condition on ses:FromAddress does not hold');
    expect(told.join()).not.toContain('alice');
  });

  it('has no resource for a text message, and a topic for a publication', () => {
    const phones = { Effect: 'Allow', Action: 'sns:Publish', NotResource: 'arn:aws:sns:*:*:*' };
    const { ask } = authorizerFor([phones]);
    expect(ask('sns', 'Publish', 'PhoneNumber=%2B12025550123')).toBe('allowed');
    const topic = arn('sns', 'alarms');
    expect(ask('sns', 'Publish', `TopicArn=${topic}`)).toEqual(denied('sns:Publish', topic));
    const topics = authorizerFor([allow('sns:Publish', topic)]);
    expect(topics.ask('sns', 'Publish', 'PhoneNumber=%2B12025550123')).toMatch(/sns:Publish because no/);
  });

  it('needs any contact of the instance, for a call', () => {
    const { ask } = authorizerFor([
      allow('connect:StartOutboundVoiceContact', arn('connect', 'instance/one/contact/*')),
    ]);
    expect(ask('connect', 'StartOutboundVoiceContact', { InstanceId: 'one' })).toBe('allowed');
    expect(ask('connect', 'StartOutboundVoiceContact', { InstanceId: 'two' })).toEqual(
      denied('connect:StartOutboundVoiceContact', arn('connect', 'instance/two/contact/*')),
    );
  });
});

describe('a request to another service', () => {
  it('names the queue by its URL, and a batch needs the right of one', () => {
    const work = arn('sqs', 'Work');
    const { ask } = authorizerFor([allow('sqs:SendMessage', work)]);
    const QueueUrl = 'http://127.0.0.1:2/000000000000/Work';
    expect(ask('sqs', 'SendMessage', { QueueUrl })).toBe('allowed');
    expect(ask('sqs', 'SendMessageBatch', { QueueUrl })).toBe('allowed');
    expect(ask('sqs', 'DeleteMessageBatch', { QueueUrl })).toEqual(denied('sqs:DeleteMessage', work));
  });

  it('names the key by id or ARN', () => {
    const { ask } = authorizerFor([allow('kms:GenerateMac', pepperArn)]);
    expect(ask('kms', 'GenerateMac', { KeyId: pepperArn })).toBe('allowed');
    expect(ask('kms', 'GenerateMac', { KeyId: pepperArn.slice(pepperArn.indexOf('/') + 1) })).toBe('allowed');
    expect(ask('kms', 'GenerateMac', { KeyId: keyArn })).toEqual(denied('kms:GenerateMac', keyArn));
    expect(ask('kms', 'GenerateMac', { KeyId: 'alias/pepper' })).toContain('no rule judges');
  });

  it('names the workflow, also for a task’s token, which names nothing', () => {
    const machine = arn('states', 'stateMachine:recovery');
    const { ask } = authorizerFor([allow(['states:StartExecution', 'states:SendTaskSuccess'], machine)]);
    expect(ask('states', 'StartExecution', { stateMachineArn: machine })).toBe('allowed');
    expect(ask('states', 'SendTaskSuccess', { taskToken: 't' })).toBe('allowed');
    expect(ask('states', 'SendTaskFailure', { taskToken: 't' })).toEqual(
      denied('states:SendTaskFailure', machine),
    );
  });

  it('to a service without rules is refused', () => {
    const { ask } = authorizerFor([allow('secretsmanager:*', '*')]);
    expect(ask('secretsmanager', 'GetSecretValue', {})).toContain('no rule judges');
  });
});
