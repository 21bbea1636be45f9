/** The engine process of the bench: DynamoDB, SQS and KMS in the AWS emulator, apart from what is measured. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { pacedQueues } from '../../infra/configuration/paces.ts';
import { startAwsEmulator } from '../../infra/local/aws/index.ts';
import { selfSigned } from '../../shared/domain/crypto/certificate.ts';
import { certificateStore } from '../../shared/store/certificates.ts';
import { untilThere } from '../support/table.ts';

const arn = (rest: string) => `arn:aws:kms:eu-central-1:000000000000:key/${rest}`;

const aws = await startAwsEmulator({
  now: Date.now,
  keys: [],
  queues: pacedQueues.map((name) => ({
    name,
    visibilityTimeoutSeconds: 30,
  })),
  onCall: async () => ({ spoken: '' }),
});

// KMS with canned answers: an RSA signature takes ten milliseconds of a core that the other processes share, and
// the bench would measure that. What the functions send and read is the same.
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
const canned = JSON.stringify({
  PublicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  Mac: randomBytes(32).toString('base64'),
  Signature: randomBytes(384).toString('base64'),
});
const keys = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(canned);
  });
});
await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));

const client = new DynamoDBClient({
  endpoint: aws.endpoint('dynamodb'),
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
  await untilThere(client, TableName);
}
// The certificate of the signing key, which a deployment makes once.
const signed = async (text: string) => sign('sha256', Buffer.from(text, 'latin1'), privateKey);
const certificate = await selfSigned(publicKey, 'bench', signed);
await certificateStore({ client, name: 'fallback' }).keep('00000001', certificate);
const queue = (name: string) => `${aws.endpoint('sqs')}/000000000000/${name}`;
process.send?.({
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_ENDPOINT_URL_DYNAMODB: aws.endpoint('dynamodb'),
  AWS_ENDPOINT_URL_SQS: aws.endpoint('sqs'),
  AWS_ENDPOINT_URL_KMS: `http://127.0.0.1:${(keys.address() as AddressInfo).port}`,
  TABLE_NAME: 'fallback',
  PEPPER_KEYS: `1=${arn('pepper')}`,
  STATE_KEYS: `1=${arn('state')}`,
  SIGNING_KEYS: `1=${arn('signing')}`,
  SMS_QUEUE_URL: queue('sms'),
  EMAIL_QUEUE_URL: queue('email'),
  CALL_QUEUE_URL: queue('call'),
  NOTICE_QUEUE_URL: queue('notice'),
  OUTCOME_QUEUE_URL: queue('outcome'),
});
