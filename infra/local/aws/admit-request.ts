/** What every request passes before its service runs: date, host, signature, count, rights, ordered faults. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { comesFromThisMachine, onlyThisMachine } from '../this-machine.ts';
import type { FaultInjection } from './faults.ts';
import type { AwsRequest } from './protocols.ts';
import type { RequestCounter } from './requests.ts';
import { type Answer, ServiceError } from './service-error.ts';
import { type AwsService, failed, protocols, throttled } from './services.ts';
import { signatureFault } from './signature.ts';

/** Runs the operation and answers through the response. */
export type Run = (operation: string) => void | Promise<void>;

export type AdmitRequest = (
  service: AwsService,
  request: AwsRequest,
  response: ServerResponse,
  run: Run,
) => void | Promise<void>;

/** @returns what to refuse the request with, undefined when whoever signed it may make it. */
export type Authorize = (
  service: AwsService,
  operation: string,
  request: AwsRequest,
) => ServiceError | undefined;

/** @param now moved time in milliseconds since the epoch */
export function createAdmitRequest(
  faults: FaultInjection,
  requests: RequestCounter,
  now: () => number,
  authorize: Authorize,
): AdmitRequest {
  return (service, request, response, run) => {
    // A client that finds the service's clock minutes away from its own takes every error for a reason to retry.
    response.setHeader('date', new Date(now()).toUTCString());
    const protocol = protocols[service];
    const refuse = (error: ServiceError) => sendAnswer(response, protocol.failure(error));
    if (!comesFromThisMachine(request.headers)) return refuse(fromElsewhere());
    const unsigned = signatureFault(request.headers.authorization, service);
    if (unsigned !== undefined) return refuse(unsigned);
    const operation = protocol.operation(request) ?? '';
    requests.add(service, operation);
    const denied = authorize(service, operation, request);
    if (denied !== undefined) return refuse(denied);
    const fault = faults.take(service, operation);
    if (typeof fault === 'object' && 'milliseconds' in fault)
      return delay(fault.milliseconds).then(() => run(operation));
    if (typeof fault === 'object') return refuse(fault.error());
    switch (fault) {
      case 'throttle':
        return refuse(throttled[service]());
      case 'error':
        return refuse(failed[service]());
      case 'timeout':
        return faults.hold(service, response);
      case 'lost-reply':
        loseReply(response);
        return run(operation);
      case undefined:
        return run(operation);
    }
  };
}

const fromElsewhere = () => new ServiceError('AccessDeniedException', onlyThisMachine, { status: 403 });

export function sendAnswer(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** Makes the service’s answer end the connection instead. */
function loseReply(response: ServerResponse): void {
  const drop = (): ServerResponse => response.destroy();
  response.end = drop as typeof response.end;
}

/** The largest request of any service here: a DynamoDB batch. */
const mostBodyBytes = 16 * 1024 * 1024;

/** @returns undefined when the client gave up or sent too much: the connection is gone then. */
export async function readRequest(request: IncomingMessage): Promise<AwsRequest | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > mostBodyBytes) request.destroy();
      else chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  const path = request.url?.split('?')[0] ?? '/';
  return { method: request.method ?? 'GET', path, headers: request.headers, body: Buffer.concat(chunks) };
}
