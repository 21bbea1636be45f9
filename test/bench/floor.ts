/** The floor: the least that could keep a code. The same SDK client as it comes, one write per issue and per verify. */
import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { serveMeasured } from './measured.ts';

const client = new DynamoDBClient({ endpoint: process.env['AWS_ENDPOINT_URL_DYNAMODB'] as string });
const TableName = 'floor';

async function issue(body: string): Promise<string> {
  const { userId } = JSON.parse(body) as { userId: string };
  const Item = { pk: { S: userId }, sk: { S: 'code' }, code: { S: '123456' }, attempts: { N: '0' } };
  await client.send(new PutItemCommand({ TableName, Item }));
  return '{"ok":true}';
}

async function verify(body: string): Promise<string> {
  const { userId, code } = JSON.parse(body) as { userId: string; code: string };
  await client.send(
    new UpdateItemCommand({
      TableName,
      Key: { pk: { S: userId }, sk: { S: 'code' } },
      UpdateExpression: 'SET attempts = attempts + :one',
      ConditionExpression: 'code = :code AND attempts < :most',
      ExpressionAttributeValues: { ':one': { N: '1' }, ':most': { N: '5' }, ':code': { S: code } },
    }),
  );
  return '{"ok":true}';
}

await serveMeasured({ issue, verify, reject: verify });
