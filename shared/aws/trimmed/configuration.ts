/** The configuration of a trimmed client: endpoint, credentials, signer, retries and transport, fixed for its life. */
import type { AwsService, TimeBudget } from '../time-budgets.ts';
import { credentials } from './credentials.ts';
import { HttpHandler } from './http-handler.ts';
import { retryStrategy } from './retries.ts';
import { requestSigner } from './sigv4.ts';

/** The SDK's own names of the variables that move a service's endpoint. */
const endpointVariables = {
  dynamodb: 'AWS_ENDPOINT_URL_DYNAMODB',
  sqs: 'AWS_ENDPOINT_URL_SQS',
  kms: 'AWS_ENDPOINT_URL_KMS',
  sns: 'AWS_ENDPOINT_URL_SNS',
  ses: 'AWS_ENDPOINT_URL_SES',
  connect: 'AWS_ENDPOINT_URL_CONNECT',
  states: 'AWS_ENDPOINT_URL_SFN',
} as const satisfies Record<AwsService, string>;

export function trimmedConfiguration(service: AwsService, region: string, budget: TimeBudget) {
  const identity = credentials();
  const host = service === 'ses' ? 'email' : service; // the one whose host has another name
  return {
    region,
    endpoint: process.env[endpointVariables[service]] ?? `https://${host}.${region}.${urlSuffix()}`,
    credentials: identity,
    retryStrategy: retryStrategy(budget.tries),
    cacheMiddleware: true,
    signer: requestSigner(identity, { region, service }),
    requestHandler: new HttpHandler(budget.requestMilliseconds),
    /** SQS alone reads it. TLS already finds a message that was changed on its way. */
    md5: false as const,
  };
}

/** The partition's own domain, as CloudFormation told it to the function. */
function urlSuffix(): string {
  return process.env['URL_SUFFIX'] ?? 'amazonaws.com';
}
