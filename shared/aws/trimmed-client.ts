/**
 * The SDK's clients with four steps in place of fourteen: serialise, retry, sign, deserialise.
 *
 * The steps that go find out anew for every request what is known when the client is made: the endpoint, the
 * scheme of the signature, the credentials. Or they serve the SDK's makers: the user agent, the log without a
 * logger, the trace that Lambda finds loops by. Protocols, typed errors and what is repeated are the SDK's; of every
 * error that leaves a client the log can say which service it came from.
 */
import type {
  DeserializeHandler,
  FinalizeHandler,
  HandlerExecutionContext,
  HttpRequest,
  HttpResponse,
  MiddlewareStack,
  RetryStrategyV2,
  SerializeHandler,
} from '@smithy/types';
import { cameFrom } from '../log/fault.ts';
import { withRetries } from './retries.ts';

/** As the SDK describes an operation: its kind, name space, name, traits, input and output. */
type OperationSchema = readonly [number, string, string, unknown, unknown, unknown];

interface Protocol {
  serializeRequest(operation: object, input: object, context: object): Promise<HttpRequest>;
  deserializeResponse(operation: object, context: object, response: HttpResponse): Promise<object>;
}

interface Signer {
  sign(request: HttpRequest): Promise<HttpRequest>;
}

interface Configuration {
  readonly protocol: unknown;
  readonly serviceId: string;
  endpoint?: (() => Promise<unknown>) | undefined;
  readonly signer?: unknown;
  readonly retryStrategy?: unknown;
}

interface SdkClient {
  readonly config: Configuration;
  readonly middlewareStack: unknown;
}

const replaced = [
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
  'queueUrlMiddleware', // of SQS: sends to the host that the queue's URL names, which is the endpoint
] as const;

/** Of every command, not of the client. */
const endpointStep = 'endpointV2Middleware';

/** @param client made with an endpoint, a signer and a retry strategy of its own, as `clientConfiguration` gives them. */
export function trimmedClient<Client extends SdkClient>(client: Client): Client {
  const { config } = client;
  const stack = client.middlewareStack as MiddlewareStack<object, object>;
  const protocol = config.protocol as Protocol;
  config.endpoint = once(config.endpoint);
  const signerOf = config.signer as () => Promise<Signer>;
  const strategyOf = config.retryStrategy as () => Promise<RetryStrategyV2>;
  for (const name of replaced) stack.remove(name);

  stack.add(
    ((next: SerializeHandler<object, object>, context: HandlerExecutionContext) => {
      const operation = operationOf(context);
      return async (args: Parameters<typeof next>[0]) => {
        try {
          const request = await protocol.serializeRequest(operation, args.input, config);
          const { hostname, port } = request;
          request.headers['host'] = port === undefined ? hostname : `${hostname}:${port}`;
          return await next({ ...args, request });
        } catch (error) {
          cameFrom(config.serviceId, error);
          throw error;
        }
      };
    }) as never,
    { step: 'serialize', name: 'serialise' },
  );
  stack.add(
    ((next: FinalizeHandler<object, object>) => async (args: Parameters<typeof next>[0]) =>
      withRetries(await strategyOf(), () => next(args))) as never,
    { step: 'finalizeRequest', name: 'retry' },
  );
  stack.add(
    ((next: FinalizeHandler<object, object>) => async (args: Parameters<typeof next>[0]) => {
      const signer = await signerOf();
      return next({ ...args, request: await signer.sign(args.request as HttpRequest) });
    }) as never,
    // After the retries, so that each try has the time of its own.
    { step: 'finalizeRequest', priority: 'low', name: 'sign' },
  );
  stack.add(
    ((next: DeserializeHandler<object, object>, context: HandlerExecutionContext) => {
      const operation = operationOf(context);
      return async (args: Parameters<typeof next>[0]) => {
        const { response } = await next(args);
        try {
          return {
            response,
            output: await protocol.deserializeResponse(operation, config, response as HttpResponse),
          };
        } catch (error) {
          throw withStatus(error as Error, response as HttpResponse);
        }
      };
    }) as never,
    { step: 'deserialize', name: 'deserialise' },
  );

  const concat = stack.concat.bind(stack);
  stack.concat = (commands) => {
    const whole = concat(commands);
    whole.remove(endpointStep);
    return whole;
  };
  return client;
}

/** The SDK takes the URL apart for every request. */
function once<Value>(find: (() => Promise<Value>) | undefined): () => Promise<Value | undefined> {
  let found: Promise<Value | undefined> | undefined;
  return () => {
    found ??= find?.() ?? Promise.resolve(undefined);
    return found;
  };
}

/** Once for each command: the SDK keeps the handler that it made for it. */
function operationOf(context: HandlerExecutionContext): object {
  const { operationSchema } = context['__smithy_context'] as { readonly operationSchema: OperationSchema };
  const [, namespace, name, traits, input, output] = operationSchema;
  return { namespace, name, traits, input, output };
}

/** The retries judge by it: a gateway's page, which is no answer of the service, is a fault of the server. */
function withStatus(error: Error, { statusCode }: HttpResponse): Error {
  return '$metadata' in error ? error : Object.assign(error, { $metadata: { httpStatusCode: statusCode } });
}
