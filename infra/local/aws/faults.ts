/** Fault injection: decides which of the next requests fail and how, and which destinations a carrier refuses. */
import type { ServerResponse } from 'node:http';
import {
  type DeliveryFaultName,
  deliveryFault,
  type RequestFault,
  type RequestFaultName,
  requestFault,
} from './account-faults.ts';
import { type ErrorDetails, ServiceError } from './service-error.ts';
import type { AwsService } from './services.ts';

/**
 * `throttle` and `error` answer as the service does when it throttles or breaks; `timeout` accepts the request and
 * never answers; `lost-reply` lets the request take effect and drops the connection instead of answering; `slow` serves
 * the request after the milliseconds of its aim.
 */
export type BasicFault = 'throttle' | 'error' | 'timeout' | 'lost-reply' | 'slow';
/** Each service also has refusals of its own, by the state of the account. */
export type FaultKind = BasicFault | RequestFaultName | DeliveryFaultName;

export interface Rejection extends ErrorDetails {
  readonly service: 'sns' | 'ses' | 'connect';
  /** Phone number in E.164, or email address. */
  readonly destination: string;
  /** Code in the answer, for example `InvalidParameter` (SNS), `MessageRejected` (SES),
   * `DestinationNotAllowedException` with status 403 (Connect). SNS itself accepts a number that has opted out
   * and drops the message later. */
  readonly error: string;
}

/** Narrows a fault down; without it every request to the service counts. */
export interface FaultAim {
  /** `UpdateItem`: requests for any other operation pass, and are not counted. */
  readonly operation?: string | undefined;
  /** Of those, how many pass before the first one fails. */
  readonly after?: number | undefined;
  /** Of `slow`: how long each request waits. */
  readonly milliseconds?: number | undefined;
  /** Addresses and domains that a fault by destination lets pass. */
  readonly verified?: readonly string[] | undefined;
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

/** The part that the emulated services call. */
export interface FaultInjection extends Faults {
  /** Returns the fault of this request and counts it. Faults by destination are left to `deliver`. */
  take(service: AwsService, operation: string): Exclude<BasicFault, 'slow'> | RequestFault | Slow | undefined;
  /** Keeps a connection open without an answer. */
  hold(service: AwsService, response: ServerResponse): void;
  /** @returns why, when the service is to accept the message and to drop it.
   * @throws {ServiceError} when sends to the destination are refused. */
  deliver(service: Rejection['service'], destination: string): string | undefined;
}

export interface Slow {
  readonly milliseconds: number;
}

interface Order {
  readonly fault: FaultKind;
  readonly operation: string | undefined;
  readonly verified: readonly string[];
  readonly milliseconds: number;
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
    set(service, fault, count, { operation, after = 0, verified = [], milliseconds = 0 } = {}) {
      ordered.set(service, { fault, operation, verified, milliseconds, left: count, passing: after });
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
      if (order === undefined || deliveryFault(service, order.fault) !== undefined) return undefined;
      if ((order.operation ?? operation) !== operation || !isDue(order)) return undefined;
      const { fault, milliseconds } = order;
      if (fault === 'slow') return { milliseconds };
      return requestFault(service, fault) ?? (fault as Exclude<BasicFault, 'slow'>);
    },
    hold(service, response) {
      held.set(response, service);
      response.once('close', () => held.delete(response));
    },
    deliver(service, destination) {
      const rejection = rejections.get(`${service} ${destination}`);
      if (rejection !== undefined)
        throw new ServiceError(rejection.error, 'The destination is refused.', rejection);
      const order = ordered.get(service);
      const fault = order === undefined ? undefined : deliveryFault(service, order.fault);
      if (order === undefined || fault === undefined) return undefined;
      if (isVerified(destination, order.verified) || !isDue(order)) return undefined;
      if (fault.error !== undefined) throw fault.error(destination);
      return fault.logged ?? '';
    },
  };
}

/** Counts one request against the order. @returns true when the request is to fail. */
function isDue(order: Order): boolean {
  if (order.left === 0) return false;
  if (order.passing > 0) {
    order.passing -= 1;
    return false;
  }
  order.left -= 1;
  return true;
}

/** By the whole address, or by the domain behind its @. */
function isVerified(address: string, verified: readonly string[]): boolean {
  const given = address.toLowerCase();
  return verified.some((each) => given === each.toLowerCase() || given.endsWith(`@${each.toLowerCase()}`));
}
