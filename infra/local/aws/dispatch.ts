/** Finds the service that a request is meant for, and runs the operation that it names. */
import type { RequestListener, ServerResponse } from 'node:http';
import { type Gate, readRequest, sendAnswer } from './gate.ts';
import type { Operations } from './operations.ts';
import type { WireRequest } from './protocols.ts';
import { type Answer, ServiceError } from './service-error.ts';
import { failed, protocols, type WireService, wireServices } from './services.ts';

/** DynamoDB has an endpoint and an engine of its own. */
export type ServedService = Exclude<WireService, 'dynamodb'>;
export type ServedOperations = Readonly<Record<ServedService, Operations>>;

/** One endpoint for all services: real ones are told apart by host name, these by what the request looks like. */
export function createListener(gate: Gate, operations: ServedOperations): RequestListener {
  const run = async (
    service: ServedService,
    name: string,
    request: WireRequest,
    response: ServerResponse,
  ) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    sendAnswer(response, await answer(service, operations[service], name, request, gone.signal));
  };
  const handle = async (request: WireRequest | undefined, response: ServerResponse) => {
    if (request === undefined) return;
    const service = wireServices.find((each) => protocols[each].operation(request) !== undefined);
    if (service === undefined || service === 'dynamodb') return sendAnswer(response, noSuchService(request));
    await gate(service, request, response, (name) => run(service, name, request, response));
  };
  return (incoming, response) => void readRequest(incoming).then((request) => handle(request, response));
}

async function answer(
  service: ServedService,
  operations: Operations,
  name: string,
  request: WireRequest,
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

function noSuchService({ method, path }: WireRequest): Answer {
  const error = new ServiceError('UnknownOperationException', `${method} ${path} is not served here.`, {
    status: 404,
  });
  return protocols.connect.failure(error);
}
