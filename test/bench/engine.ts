/** The engine process of the bench: DynamoDB, SQS and KMS on the wire, apart from what is measured. */
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startWire } from '../../infra/local/wire/index.ts';

const arn = (rest: string) => `arn:aws:kms:eu-central-1:000000000000:key/${rest}`;

const wire = await startWire({
  now: Date.now,
  keys: [
    { id: 'pepper', arn: arn('pepper'), spec: 'HMAC_256' },
    { id: 'signing', arn: arn('signing'), spec: 'RSA_3072' },
  ],
  queues: ['sms', 'email', 'call', 'notice'].map((name) => ({
    name,
    arn: `arn:aws:sqs:eu-central-1:000000000000:${name}`,
    path: `/000000000000/${name}`,
    visibilityTimeoutSeconds: 30,
    delaySeconds: 0,
  })),
  onCall: async () => ({ spoken: '' }),
});

const client = new DynamoDBClient({
  endpoint: wire.endpoint('dynamodb'),
  region: 'eu-central-1',
  credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
});
for (const TableName of ['fallback', 'floor']) {
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    }),
  );
}
const queue = (name: string) => `${wire.endpoint('sqs')}/000000000000/${name}`;
process.send?.({
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_ENDPOINT_URL_DYNAMODB: wire.endpoint('dynamodb'),
  AWS_ENDPOINT_URL_SQS: wire.endpoint('sqs'),
  AWS_ENDPOINT_URL_KMS: wire.endpoint('kms'),
  TABLE_NAME: 'fallback',
  PEPPER_KEYS: `1=${arn('pepper')}`,
  SIGNING_KEYS: `1=${arn('signing')}`,
  SMS_QUEUE_URL: queue('sms'),
  EMAIL_QUEUE_URL: queue('email'),
  CALL_QUEUE_URL: queue('call'),
  NOTICE_QUEUE_URL: queue('notice'),
});
