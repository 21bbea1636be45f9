/**
 * An SDK client that takes four steps for a request in place of the SDK's fourteen.
 *
 * The steps that go find out again for every request what is known when the client is made: its endpoint, its
 * credentials, how it signs. Or they serve the SDK's makers: a user agent, a log without a logger, a trace that
 * Lambda finds loops by. Protocols, typed errors and the choice of what is repeated stay the SDK's.
 */
import type { MiddlewareStack, RetryStrategyV2 } from '@smithy/types';
import { deserialise, type Protocol, retry, type Signer, serialise, sign } from './steps.ts';

interface SdkClient {
  readonly config: {
    readonly serviceId: string;
    readonly protocol: unknown;
    readonly signer?: unknown;
    readonly retryStrategy?: unknown;
    endpoint?: (() => Promise<unknown>) | undefined;
  };
  readonly middlewareStack: unknown;
}

/** By the names that the SDK gives them. */
const stepsOfClients = [
  'loggerMiddleware',
  'serializerMiddleware',
  'contentLengthMiddleware',
  'getUserAgentMiddleware',
  'hostHeaderMiddleware',
  'recursionDetectionMiddleware',
  'retryMiddleware',
  'httpAuthSchemeMiddleware',
  'httpSigningMiddleware',
  'deserializerMiddleware',
];
/** SQS alone has one more, which sends a request to the host in the queue's URL. That host is the endpoint. */
const stepsOfSqs = ['queueUrlMiddleware'];
/** This one comes with each command. */
const stepOfCommands = 'endpointV2Middleware';

/**
 * @param client made with `trimmedConfiguration`
 * @throws when the SDK has renamed or dropped one of its steps: for a step of clients at once, for the step of
 *   commands at the first request
 */
export function trimmed<Client extends SdkClient>(client: Client): Client {
  const { config } = client;
  const stack = client.middlewareStack as MiddlewareStack<object, object>;
  const remove = (from: { remove(name: string): boolean }, name: string) => {
    if (!from.remove(name)) throw new MissingStep(config.serviceId, name);
  };
  for (const name of [...stepsOfClients, ...(config.serviceId === 'SQS' ? stepsOfSqs : [])])
    remove(stack, name);

  const protocol = config.protocol as Protocol;
  config.endpoint = once(config.endpoint);
  stack.add(serialise(protocol, config), { step: 'serialize', name: 'serialise' });
  stack.add(retry(config.retryStrategy as () => Promise<RetryStrategyV2>), {
    step: 'finalizeRequest',
    name: 'retry',
  });
  // After the retries, so that each try is signed with its own time.
  stack.add(sign(config.signer as () => Promise<Signer>), {
    step: 'finalizeRequest',
    priority: 'low',
    name: 'sign',
  });
  stack.add(deserialise(protocol, config), { step: 'deserialize', name: 'deserialise' });

  const concat = stack.concat.bind(stack);
  stack.concat = (commands) => {
    const whole = concat(commands);
    remove(whole, stepOfCommands);
    return whole;
  };
  return client;
}

/** The SDK parses the URL again for every request. */
function once<Value>(find: (() => Promise<Value>) | undefined): () => Promise<Value | undefined> {
  let found: Promise<Value | undefined> | undefined;
  return () => {
    found ??= find?.() ?? Promise.resolve(undefined);
    return found;
  };
}

class MissingStep extends Error {
  override readonly name = 'MissingStep';

  constructor(service: string, step: string) {
    super(`the SDK's ${service} client has no step ${step}: AWS_CLIENT=stock runs without ours`);
  }
}
