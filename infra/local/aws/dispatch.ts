/** Finds the service that a request is meant for, and runs the operation that it names. */
import type { RequestListener, ServerResponse } from 'node:http';
import { type AdmitRequest, readRequest, sendAnswer } from './admit-request.ts';
import type { Operations } from './operations.ts';
import type { AwsRequest } from './protocols.ts';
import { type Answer, ServiceError } from './service-error.ts';
import { type AwsService, awsServices, failed, protocols } from './services.ts';

/** DynamoDB has an endpoint and an engine of its own. */
export type ServedService = Exclude<AwsService, 'dynamodb'>;
export type ServedOperations = Readonly<Record<ServedService, Operations>>;

/** Serves all services at one endpoint. AWS has a host name for each; here the form of the request tells. */
export function createListener(admit: AdmitRequest, operations: ServedOperations): RequestListener {
  const run = async (service: ServedService, name: string, request: AwsRequest, response: ServerResponse) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    sendAnswer(response, await answer(service, operations[service], name, request, gone.signal));
  };
  const handle = async (request: AwsRequest | undefined, response: ServerResponse) => {
    if (request === undefined) return;
    const service = awsServices.find((each) => protocols[each].operation(request) !== undefined);
    if (service === undefined || service === 'dynamodb') return sendAnswer(response, noSuchService(request));
    await admit(service, request, response, (name) => run(service, name, request, response));
  };
  return (incoming, response) => void readRequest(incoming).then((request) => handle(request, response));
}

async function answer(
  service: ServedService,
  operations: Operations,
  name: string,
  request: AwsRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const protocol = protocols[service];
  try {
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (operation === undefined) throw protocol.unknownOperation(name);
    return protocol.success(name, await operation(protocol.input(request), signal));
  } catch (error) {
    return protocol.failure(error instanceof ServiceError ? error : failed[service]());
  }
}

function noSuchService({ method, path }: AwsRequest): Answer {
  const error = new ServiceError('UnknownOperationException', `${method} ${path} is not served here.`, {
    status: 404,
  });
  return protocols.connect.failure(error);
}
