/** The four steps of a trimmed client: serialise, retry, sign, deserialise. The protocol in the first and last is the SDK's. */
import type {
  DeserializeMiddleware,
  FinalizeRequestMiddleware,
  HandlerExecutionContext,
  HttpRequest,
  HttpResponse,
  RetryStrategyV2,
  SerializeMiddleware,
} from '@smithy/types';
import { withRetries } from './retries.ts';

/** As the SDK describes an operation: its kind, name space, name, traits, input and output. */
type OperationSchema = readonly [number, string, string, unknown, unknown, unknown];

export interface Protocol {
  serializeRequest(operation: object, input: object, context: object): Promise<HttpRequest>;
  deserializeResponse(operation: object, context: object, response: HttpResponse): Promise<object>;
}

export interface Signer {
  sign(request: HttpRequest): Promise<HttpRequest>;
}

export function serialise(protocol: Protocol, config: object): SerializeMiddleware<object, object> {
  return (next, context) => {
    const operation = operationOf(context);
    return async (args) => {
      const request = await protocol.serializeRequest(operation, args.input, config);
      const { hostname, port } = request;
      request.headers['host'] = port === undefined ? hostname : `${hostname}:${port}`;
      return next({ ...args, request });
    };
  };
}

export function retry(strategyOf: () => Promise<RetryStrategyV2>): FinalizeRequestMiddleware<object, object> {
  return (next) => async (args) => withRetries(await strategyOf(), () => next(args));
}

/** What CloudTrail shows of whoever asked. Beside the signature, since something on the way may change it. */
const userAgent = 'mfa-fallback';

export function sign(signerOf: () => Promise<Signer>): FinalizeRequestMiddleware<object, object> {
  return (next) => async (args) => {
    const signer = await signerOf();
    const request = await signer.sign(args.request as HttpRequest);
    request.headers['user-agent'] = userAgent;
    return next({ ...args, request });
  };
}

export function deserialise(protocol: Protocol, config: object): DeserializeMiddleware<object, object> {
  return (next, context) => {
    const operation = operationOf(context);
    return async (args) => {
      const response = (await next(args)).response as HttpResponse;
      try {
        return { response, output: await protocol.deserializeResponse(operation, config, response) };
      } catch (error) {
        throw withStatus(error as Error, response);
      }
    };
  };
}

/** The SDK calls this once for each command and keeps the handler that comes of it. */
function operationOf(context: HandlerExecutionContext): object {
  const { operationSchema } = context['__smithy_context'] as { readonly operationSchema: OperationSchema };
  const [, namespace, name, traits, input, output] = operationSchema;
  return { namespace, name, traits, input, output };
}

/** The retries look at the status: a gateway's error page is no answer of the service, and is asked for again. */
function withStatus(error: Error, { statusCode }: HttpResponse): Error {
  return '$metadata' in error ? error : Object.assign(error, { $metadata: { httpStatusCode: statusCode } });
}
