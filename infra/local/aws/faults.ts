/** Faults that were ordered: which of the next requests fail how, and which destinations a provider refuses. */
import type { ServerResponse } from 'node:http';
import { type ErrorDetails, ServiceError } from './service-error.ts';
import type { AwsService } from './services.ts';

/**
 * `throttle` and `error` answer as the service does when it throttles or breaks; `timeout` accepts the request and
 * never answers; `lost-reply` lets the request take effect and drops the connection instead of answering.
 */
export type FaultKind = 'throttle' | 'error' | 'timeout' | 'lost-reply';

export interface Rejection extends ErrorDetails {
  readonly service: 'sns' | 'ses' | 'connect';
  /** Phone number in E.164, or email address. */
  readonly destination: string;
  /** Code in the answer, for example `InvalidParameter` (SNS), `MessageRejected` (SES),
   * `DestinationNotAllowedException` with status 403 (Connect). SNS itself accepts a number that has opted out
   * and drops the message later. */
  readonly error: string;
}

/** Which requests a fault is for; all of the service unless told. */
export interface FaultAim {
  /** `UpdateItem`: requests for any other operation pass, and are not counted. */
  readonly operation?: string | undefined;
  /** Of those, how many pass before the first one fails. */
  readonly after?: number | undefined;
}

export interface Faults {
  /** The next `count` requests to the service fail, a client's retries counted. Replaces what was ordered before;
   * 0 clears it and drops the connections that a `timeout` holds. */
  set(service: AwsService, fault: FaultKind, count: number, aim?: FaultAim): void;
  /** Every send to the destination is refused until `clear`. */
  reject(rejection: Rejection): void;
  /** Forgets all faults and rejections and drops held connections. */
  clear(): void;
}

/** What the services themselves need. */
export interface FaultInjection extends Faults {
  take(service: AwsService, operation: string): FaultKind | undefined;
  /** Keeps a connection open without an answer. */
  hold(service: AwsService, response: ServerResponse): void;
  /** @throws {ServiceError} when sends to the destination are refused. */
  admit(service: Rejection['service'], destination: string): void;
}

interface Order {
  readonly fault: FaultKind;
  readonly operation: string | undefined;
  left: number;
  passing: number;
}

export function createFaults(): FaultInjection {
  const ordered = new Map<AwsService, Order>();
  const rejections = new Map<string, Rejection>();
  const held = new Map<ServerResponse, AwsService>();

  const release = (service?: AwsService): void => {
    for (const [response, holder] of held) {
      if (service === undefined || holder === service) response.destroy();
    }
  };

  return {
    set(service, fault, count, { operation, after = 0 } = {}) {
      ordered.set(service, { fault, operation, left: count, passing: after });
      if (count === 0) release(service);
    },
    reject(rejection) {
      rejections.set(`${rejection.service} ${rejection.destination}`, rejection);
    },
    clear() {
      ordered.clear();
      rejections.clear();
      release();
    },
    take(service, operation) {
      const order = ordered.get(service);
      if (order === undefined || order.left === 0) return undefined;
      if ((order.operation ?? operation) !== operation) return undefined;
      if (order.passing > 0) {
        order.passing -= 1;
        return undefined;
      }
      order.left -= 1;
      return order.fault;
    },
    hold(service, response) {
      held.set(response, service);
      response.once('close', () => held.delete(response));
    },
    admit(service, destination) {
      const rejection = rejections.get(`${service} ${destination}`);
      if (rejection === undefined) return;
      throw new ServiceError(rejection.error, 'The destination is refused.', rejection);
    },
  };
}
