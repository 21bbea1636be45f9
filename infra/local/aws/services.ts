/** The emulated services: the protocol of each, and its errors when it throttles or fails. */
import { jsonProtocol, type Protocol, queryProtocol, restProtocol } from './protocols.ts';
import { ServiceError } from './service-error.ts';

export const awsServices = [
  'sns',
  'ses',
  'connect',
  'dynamodb',
  'sqs',
  'kms',
  'secretsmanager',
  'states',
] as const;
/** Also the name in the credential scope of a signature. */
export type AwsService = (typeof awsServices)[number];

export const protocols: Readonly<Record<AwsService, Protocol>> = {
  sns: queryProtocol('2010-03-31', 'http://sns.amazonaws.com/doc/2010-03-31/'),
  ses: queryProtocol('2010-12-01', 'http://ses.amazonaws.com/doc/2010-12-01/'),
  connect: restProtocol('/contact/', { 'PUT /contact/outbound-voice': 'StartOutboundVoiceContact' }),
  dynamodb: jsonProtocol('1.0', 'DynamoDB_20120810', 'com.amazonaws.dynamodb.v20120810'),
  sqs: jsonProtocol('1.0', 'AmazonSQS', 'com.amazonaws.sqs'),
  kms: jsonProtocol('1.1', 'TrentService', 'com.amazonaws.kms'),
  secretsmanager: jsonProtocol('1.1', 'secretsmanager', 'com.amazonaws.secretsmanager'),
  states: jsonProtocol('1.0', 'AWSStepFunctions', 'com.amazonaws.states'),
};

/** Codes and statuses that clients classify as throttling. */
export const throttled: Readonly<Record<AwsService, () => ServiceError>> = {
  sns: () => new ServiceError('Throttling', 'Rate exceeded'),
  ses: () => new ServiceError('Throttling', 'Maximum sending rate exceeded.'),
  connect: () => new ServiceError('TooManyRequestsException', 'Too Many Requests', { status: 429 }),
  dynamodb: () =>
    new ServiceError('ThrottlingException', 'Throughput exceeds the current capacity of your table.'),
  sqs: () =>
    new ServiceError('RequestThrottled', 'Request is throttled.', {
      status: 403,
      queryCode: 'RequestThrottled',
    }),
  kms: () => new ServiceError('ThrottlingException', 'Rate exceeded'),
  secretsmanager: () => new ServiceError('ThrottlingException', 'Rate exceeded'),
  states: () => new ServiceError('ThrottlingException', 'Rate exceeded'),
};

const internal = (code: string) => () =>
  new ServiceError(code, 'We encountered an internal error. Please try again.', { status: 500 });

export const failed: Readonly<Record<AwsService, () => ServiceError>> = {
  sns: internal('InternalError'),
  ses: internal('InternalFailure'),
  connect: internal('InternalServiceException'),
  dynamodb: internal('InternalServerError'),
  sqs: internal('InternalFailure'),
  kms: internal('KMSInternalException'),
  secretsmanager: internal('InternalServiceError'),
  states: internal('InternalFailure'),
};
