/** Which request a line of the log belongs to. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context } from 'aws-lambda';

export interface RequestIds {
  /** Lambda's, of the invocation: its own lines of the log have it as well. */
  readonly requestId?: string;
  /** API Gateway's, which the access log calls `requestId`. */
  readonly gatewayRequestId?: string;
}

const current = new AsyncLocalStorage<RequestIds>();

export const requestIds = (): RequestIds => current.getStore() ?? {};

/** A handler whose lines name the request. What Lambda adds by itself goes into lines of `console` alone. */
export function namingRequests<Event extends object, Result>(
  handle: (event: Event, context: Context) => Promise<Result>,
): (event: Event, context?: Context) => Promise<Result> {
  return (event, context) => current.run(idsOf(event, context), () => handle(event, context as Context));
}

function idsOf(event: object, context: Context | undefined): RequestIds {
  const gateway = (event as { readonly requestContext?: { readonly requestId?: string } }).requestContext;
  return {
    ...(context?.awsRequestId === undefined ? {} : { requestId: context.awsRequestId }),
    ...(gateway?.requestId === undefined ? {} : { gatewayRequestId: gateway.requestId }),
  };
}
