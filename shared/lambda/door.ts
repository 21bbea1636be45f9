/** The handler of a function that speaks a protocol of others: connects, answers, and words every fault in it. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { refusedByFront } from '../http/front.ts';
import type { Answer } from '../http/problem.ts';
import { faultOf } from '../log/fault.ts';
import { log } from '../log/log.ts';
import { namingRequests } from '../log/request-ids.ts';

export interface Door<Ports> {
  /** Runs at cold start, and again with the next request that needs it if it failed. */
  readonly connect: () => Promise<Ports>;
  readonly answer: (event: APIGatewayProxyEventV2, ports: () => Promise<Ports>) => Promise<Answer>;
  /** What a client can read when a dependency or this function failed. */
  readonly failed: (event: APIGatewayProxyEventV2) => Answer;
}

/** Fails closed: whatever is thrown becomes an answer that accepts nothing and reveals nothing about its cause. */
export function door<Ports>({ connect, answer, failed }: Door<Ports>) {
  let connected: Promise<Ports> | undefined;
  const ports = () => {
    connected ??= connect().catch((error) => {
      connected = undefined;
      throw error;
    });
    return connected;
  };
  ports().catch(() => undefined); // the first request that needs them tries again
  return namingRequests(async (event: APIGatewayProxyEventV2) => {
    const refused = refusedByFront(event);
    if (refused !== undefined) return refused;
    return answer(event, ports).catch((error) => {
      log('request-failed', { route: event.routeKey, fault: faultOf(error) });
      return failed(event);
    });
  });
}
