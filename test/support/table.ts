/** A real table for tests: on the engine in this process, or on the one that DYNAMODB_ENDPOINT names. */
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { rememberExpressions } from '../../infra/local/aws/parsed-expressions.ts';
import { trimmed } from '../../shared/aws/trimmed/client.ts';
import { trimmedConfiguration } from '../../shared/aws/trimmed/configuration.ts';
import type { Table } from '../../shared/store/table.ts';

export interface TestTable extends Table {
  close(): Promise<void>;
}

/** Waits for the engine as long as a busy machine takes. */
const patient = { tries: 3, requestMilliseconds: 30_000 };

export async function startTable(): Promise<TestTable> {
  rememberExpressions();
  const elsewhere = process.env['DYNAMODB_ENDPOINT'];
  const server = elsewhere === undefined ? dynalite({ createTableMs: 0 }) : undefined;
  if (server) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = (server?.address() as AddressInfo | undefined)?.port;
  const endpoint = elsewhere ?? `http://127.0.0.1:${port}`;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  const client = trimmed(
    new DynamoDBClient({ ...trimmedConfiguration('dynamodb', 'eu-central-1', patient), endpoint }),
  );
  const name = `test-${randomUUID()}`;
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: ['pk', 'sk', 'listKey', 'userId'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'users',
          KeySchema: [
            { AttributeName: 'listKey', KeyType: 'HASH' },
            { AttributeName: 'userId', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['contact', 'enabled'] },
        },
      ],
    }),
  );
  await untilThere(client, name);
  return {
    client,
    name,
    async close() {
      client.destroy();
      if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A table is made in the background, and writes to it are refused until it is. */
export async function untilThere(client: DynamoDBClient, TableName: string): Promise<void> {
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.01, maxDelay: 0.1 }, { TableName });
}
