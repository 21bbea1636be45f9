/** Validates the bodies of requests to /local. */

import { accountFaultsOf, deliveryFault } from '../aws/account-faults.ts';
import type { BasicFault, FaultKind, Rejection } from '../aws/faults.ts';
import { type AwsService, awsServices } from '../aws/services.ts';
import { longestAdvanceSeconds } from '../clock/clock.ts';
import type { Problem } from '../gateway/problems.ts';

const basicFaults = [
  'throttle',
  'error',
  'timeout',
  'lost-reply',
  'slow',
] as const satisfies readonly BasicFault[];

export interface FaultOrder {
  readonly service: AwsService;
  readonly fault: FaultKind;
  /** How many requests fail; 0 clears what was ordered for the service. */
  readonly count: number;
  /** Only requests for this operation, for example `UpdateItem`. */
  readonly operation?: string;
  /** How many of them pass before the first one fails. */
  readonly after?: number;
  /** Of `slow`: how long each of them waits. */
  readonly milliseconds?: number;
  /** Addresses and domains that a fault by destination lets pass. */
  readonly verified?: readonly string[];
}

/** One fault of the input, as a problem document lists it. */
export interface Field {
  readonly pointer: string;
  readonly detail: string;
}

const mostFaults = 1_000_000;
const mostMilliseconds = 60_000;

export function invalid(errors: readonly Field[]): Problem {
  return { status: 400, code: 'invalid-request', detail: 'The request breaks the schema.', errors };
}

/** @returns whole seconds to advance by, or `reset`, or what is wrong with the body. */
export function readClockMove(body: unknown): number | 'reset' | Field[] {
  if (!isObject(body)) return [notAnObject];
  const faults = unknownProperties(body, ['advanceSeconds', 'reset']);
  const [seconds, reset] = [property(body, 'advanceSeconds'), property(body, 'reset')];
  if (reset !== undefined) {
    if (reset !== true || seconds !== undefined)
      faults.push({
        pointer: '/reset',
        detail: 'true, without advanceSeconds: sets the clock back to real time',
      });
    return faults.length === 0 ? 'reset' : faults;
  }
  if (!isWithin(seconds, 0, longestAdvanceSeconds)) {
    const detail = `a whole number from 0 to ${longestAdvanceSeconds}, or {"reset": true} instead`;
    faults.push({ pointer: '/advanceSeconds', detail });
  }
  return faults.length === 0 ? (seconds as number) : faults;
}

/** @returns the fault to set, or what is wrong with the body. `fault` may be absent when `count` is 0. */
export function readFault(body: unknown): FaultOrder | Field[] {
  if (!isObject(body)) return [notAnObject];
  const [service, count] = [property(body, 'service'), property(body, 'count')];
  const fault = property(body, 'fault') ?? (count === 0 ? 'error' : undefined);
  const faults = unknownProperties(body, ['service', 'fault', 'count', ...aims]);
  if (!isOneOf(awsServices, service))
    faults.push({ pointer: '/service', detail: `one of ${awsServices.join(', ')}` });
  if (!isOneOf(faultNames(service), fault)) faults.push({ pointer: '/fault', detail: faultsFor(service) });
  if (!isWithin(count, 0, mostFaults))
    faults.push({ pointer: '/count', detail: `a whole number from 0 to ${mostFaults}` });
  faults.push(...faultsOfAim(body, deliveryFault(String(service), String(fault)) !== undefined));
  faults.push(...faultsOfWait(fault, property(body, 'milliseconds')));
  if (faults.length > 0) return faults;
  const aim = Object.fromEntries(
    aims.flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])),
  );
  return { service, fault, count, ...aim } as FaultOrder;
}

const aims = ['operation', 'after', 'verified', 'milliseconds'] as const;

function faultsOfWait(fault: unknown, milliseconds: unknown): Field[] {
  const isRight = fault === 'slow' ? isWithin(milliseconds, 1, mostMilliseconds) : milliseconds === undefined;
  if (isRight) return [];
  const detail = `a whole number from 1 to ${mostMilliseconds}, with the fault slow and with no other`;
  return [{ pointer: '/milliseconds', detail }];
}

function faultsOfAim(body: Record<string, unknown>, isByDestination: boolean): Field[] {
  const faults: Field[] = [];
  const [operation, after, verified] = aims.map((name) => property(body, name));
  if (operation !== undefined && (typeof operation !== 'string' || isByDestination))
    faults.push({
      pointer: '/operation',
      detail: 'the name of an operation, for example UpdateItem; not with a fault that goes by destination',
    });
  if (after !== undefined && !isWithin(after, 0, mostFaults))
    faults.push({ pointer: '/after', detail: `a whole number from 0 to ${mostFaults}` });
  if (verified !== undefined && (!isListOfText(verified) || !isByDestination))
    faults.push({
      pointer: '/verified',
      detail: 'a list of addresses and domains, with a fault that goes by destination',
    });
  return faults;
}

const faultNames = (service: unknown): readonly string[] => [
  ...basicFaults,
  ...accountFaultsOf(String(service)).map(({ name }) => name),
];

/** Lists the faults of this service in words. */
function faultsFor(service: unknown): string {
  const own = accountFaultsOf(String(service)).map(({ name, about }) => `${name} (${about})`);
  const basic = `one of ${basicFaults.join(', ')}`;
  return own.length === 0 ? basic : `${basic}; for ${service} also ${own.join(', ')}`;
}

/** How each carrier says that it will never send to a destination. */
const finalRefusals = {
  sns: { error: 'OptedOut' },
  ses: { error: 'MessageRejected' },
  connect: { error: 'DestinationNotAllowedException', status: 403 },
} as const satisfies Record<Rejection['service'], Pick<Rejection, 'error' | 'status'>>;
const carriers = Object.keys(finalRefusals) as Rejection['service'][];

/** @returns the refusal to set, or what is wrong with the body. */
export function readRefusal(body: unknown): Rejection | Field[] {
  if (!isObject(body)) return [notAnObject];
  const faults = unknownProperties(body, ['service', 'to']);
  const [service, to] = [property(body, 'service'), property(body, 'to')];
  if (!isOneOf(carriers, service))
    faults.push({ pointer: '/service', detail: `one of ${carriers.join(', ')}` });
  if (typeof to !== 'string')
    faults.push({ pointer: '/to', detail: 'a phone number in E.164 or an address' });
  if (faults.length > 0) return faults;
  const carrier = service as Rejection['service'];
  return { service: carrier, destination: to as string, ...finalRefusals[carrier] };
}

const notAnObject: Field = { pointer: '', detail: 'a JSON object' };

function isObject(body: unknown): body is Record<string, unknown> {
  return body !== null && typeof body === 'object' && !Array.isArray(body);
}

function unknownProperties(body: object, known: readonly string[]): Field[] {
  const unknown = Object.keys(body).filter((name) => !known.includes(name));
  return unknown.map((name) => ({ pointer: `/${name}`, detail: 'unknown property' }));
}

function property(body: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(body, name) ? body[name] : undefined;
}

function isOneOf<T extends string>(allowed: readonly T[], value: unknown): value is T {
  return allowed.includes(value as T);
}

function isListOfText(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}
