/** How every AWS client is set up: endpoint, credentials, time-outs, retries. */
import { credentials } from './credentials.ts';
import { Transport } from './http-handler.ts';
import { retryStrategy } from './retries.ts';
import { requestSigner } from './sigv4.ts';

export type AwsService = 'dynamodb' | 'sqs' | 'kms' | 'sns' | 'email' | 'connect' | 'states';

/** The SDK's own names of the variables that move a service's endpoint. */
const endpointVariables = {
  dynamodb: 'AWS_ENDPOINT_URL_DYNAMODB',
  sqs: 'AWS_ENDPOINT_URL_SQS',
  kms: 'AWS_ENDPOINT_URL_KMS',
  sns: 'AWS_ENDPOINT_URL_SNS',
  email: 'AWS_ENDPOINT_URL_SES',
  connect: 'AWS_ENDPOINT_URL_CONNECT',
  states: 'AWS_ENDPOINT_URL_SFN',
} as const satisfies Record<AwsService, string>;

/** What a signature calls each service. */
const signingNames = {
  dynamodb: 'dynamodb',
  sqs: 'sqs',
  kms: 'kms',
  sns: 'sns',
  email: 'ses',
  connect: 'connect',
  states: 'states',
} as const satisfies Record<AwsService, string>;

interface TimeBudget {
  /** Milliseconds of one try. */
  readonly requestMilliseconds: number;
  /** Tries, the first included. */
  readonly tries: number;
}

/**
 * Time budgets by service; what one request asks of all of them stays inside a function's own time-out. Carriers
 * get one try: the queue repeats them, and a try that timed out may have been taken.
 */
export const timeBudgets = {
  dynamodb: { requestMilliseconds: 1_000, tries: 3 },
  sqs: { requestMilliseconds: 1_000, tries: 2 },
  kms: { requestMilliseconds: 1_000, tries: 2 },
  sns: { requestMilliseconds: 4_000, tries: 1 },
  email: { requestMilliseconds: 4_000, tries: 1 },
  connect: { requestMilliseconds: 4_000, tries: 1 },
  states: { requestMilliseconds: 1_000, tries: 2 },
} as const satisfies Record<AwsService, TimeBudget>;

/** Configuration that every client of the SDK takes. An explicit endpoint spares each call its resolution. */
export function clientConfiguration(service: AwsService, region = process.env['AWS_REGION'] ?? 'us-east-1') {
  const { requestMilliseconds, tries } = timeBudgets[service];
  const identity = credentials();
  return {
    region,
    endpoint: process.env[endpointVariables[service]] ?? `https://${service}.${region}.${urlSuffix()}`,
    credentials: identity,
    retryStrategy: retryStrategy(tries),
    cacheMiddleware: true,
    signer: requestSigner(identity, { region, service: signingNames[service] }),
    requestHandler: new Transport(requestMilliseconds),
  };
}

/** The partition's own domain, as CloudFormation told it to the function. */
function urlSuffix(): string {
  return process.env['URL_SUFFIX'] ?? 'amazonaws.com';
}
