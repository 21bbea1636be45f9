/** Which log events wake somebody, from how many on, and the section of the runbook that says what to do. */
import type { FunctionName } from '../../shared/environment/variables.ts';
import { doorRoutes, routes } from '../../shared/http/routes.ts';
import type { LogEvent } from '../../shared/log/log.ts';
import { keyStateAnchor } from './key-states.ts';

/** Sections of the runbook, one for each thing that alarms ask of the person who is woken. */
export const runbookAnchors = [
  'dead-letters',
  'function-errors',
  'function-throttles',
  'requests-fail',
  'gateway-refuses',
  'forged-state',
  'deliveries-fail',
  'codes-refused',
  'codes-late',
  'emails-bounce',
  'sms-spend',
  'table-throttled',
  'answers-slow',
  keyStateAnchor,
  'many-wrong-codes',
  'many-refused-starts',
  'many-help-desk-actions',
  'help-desk-refusals',
  'protected-person-changed',
  'restriction-changed',
  'fallback-stopped',
  'many-refused-keys',
  'breaker-tripped',
  'quota-used-up',
  'notices-held',
  'recoveries-fail',
  'directory-refused',
  'many-directory-changes',
  'unknown-people-vouched',
] as const;
export type RunbookAnchor = (typeof runbookAnchors)[number];

export interface CountedEvent {
  readonly event: LogEvent;
  /** Only lines whose field has this value, or another one. */
  readonly where?: { readonly field: 'outcome' | 'fate'; readonly is?: string; readonly isNot?: string };
  /** Functions whose log holds it. */
  readonly in: readonly FunctionName[];
  /** Only where the stage has this function: nothing else brings the event about. */
  readonly with?: FunctionName;
  /** More than this is too many: in five minutes, or of one connection of the directory in an hour. */
  readonly most: number;
  readonly per?: 'connection and hour';
  readonly anchor: RunbookAnchor;
}

/** Of the metric that counts it. */
export function metricNameOf({ event, where }: CountedEvent): string {
  if (where === undefined) return event;
  return where.is === undefined ? `${event}-not-${where.isNot}` : `${event}-${where.is}`;
}

const behindApi = [...routes, ...doorRoutes].map((route): FunctionName => route.function);

export const countedEvents: readonly CountedEvent[] = [
  { event: 'request-failed', in: behindApi, most: 5, anchor: 'requests-fail' },
  // Nobody who acts by the API alone can cause it.
  {
    event: 'forged-state',
    in: ['verify-otp', 'kba-check', 'recovery', 'windows', 'sign-in'],
    most: 0,
    anchor: 'forged-state',
  },
  { event: 'delivery-failed', in: ['deliver'], most: 5, anchor: 'deliveries-fail' },
  // A sandbox, a paused account or a revoked identity refuses all of them.
  {
    event: 'delivery-ended',
    where: { field: 'outcome', is: 'failed' },
    in: ['deliver'],
    most: 20,
    anchor: 'codes-refused',
  },
  {
    event: 'delivery-ended',
    where: { field: 'outcome', is: 'dropped' },
    in: ['deliver'],
    most: 5,
    anchor: 'codes-late',
  },
  // At its spend limit SNS takes each SMS and brings none, which no delivery tells.
  {
    event: 'sms-status',
    where: { field: 'fate', isNot: 'delivered' },
    in: ['deliver'],
    with: 'sms-status',
    most: 20,
    anchor: 'codes-refused',
  },
  // A hundred thousand names sprayed with five guesses each cost half a hit: the sum is what shows.
  { event: 'code-refused', in: ['verify-otp', 'windows', 'sign-in'], most: 200, anchor: 'many-wrong-codes' },
  { event: 'answers-refused', in: ['kba-check', 'windows', 'sign-in'], most: 50, anchor: 'many-wrong-codes' },
  {
    event: 'backup-code-refused',
    in: ['verify-otp', 'windows', 'sign-in'],
    most: 50,
    anchor: 'many-wrong-codes',
  },
  { event: 'breaker-tripped', in: ['deliver'], most: 0, anchor: 'breaker-tripped' },
  { event: 'quota-used-up', in: ['deliver'], most: 0, anchor: 'quota-used-up' },
  {
    event: 'start-refused',
    in: ['issue-otp', 'windows', 'sign-in'],
    most: 100,
    anchor: 'many-refused-starts',
  },
  { event: 'notice-held', in: ['deliver'], most: 0, anchor: 'notices-held' },
  { event: 'directory-refused', in: ['scim'], most: 20, anchor: 'directory-refused' },
  // A directory that is taken over changes addresses first: two hundred in an hour are more than people do.
  {
    event: 'directory-address-changed',
    in: ['scim'],
    most: 200,
    per: 'connection and hour',
    anchor: 'many-directory-changes',
  },
  // PCs whose key was taken off the stage, or somebody who tries keys out.
  { event: 'deployment-key-refused', in: ['windows'], most: 20, anchor: 'many-refused-keys' },
  // One is a person who was not provisioned yet; many are a mapping that finds nobody.
  { event: 'unknown-person-vouched', in: ['sign-in'], most: 5, anchor: 'unknown-people-vouched' },
  // The pace at which a client has used up its 300 acts of an hour, whether they make codes or unlock.
  {
    event: 'backup-codes-generated',
    in: ['generate-backup-code'],
    most: 25,
    anchor: 'many-help-desk-actions',
  },
  { event: 'user-unlocked', in: ['users'], most: 25, anchor: 'many-help-desk-actions' },
  // An operator asks again once or twice. More in five minutes is somebody who is being talked into something.
  { event: 'backup-codes-refused', in: ['generate-backup-code'], most: 5, anchor: 'help-desk-refusals' },
  { event: 'unlock-refused', in: ['users'], most: 5, anchor: 'help-desk-refusals' },
  { event: 'caller-code-refused', in: ['issue-otp'], most: 5, anchor: 'help-desk-refusals' },
  { event: 'caller-verification-refused', in: ['issue-otp'], most: 5, anchor: 'help-desk-refusals' },
  { event: 'approval-refused', in: ['users'], most: 5, anchor: 'help-desk-refusals' },
  { event: 'protected-person-changed', in: ['users', 'scim'], most: 0, anchor: 'protected-person-changed' },
  { event: 'restriction-changed', in: ['users'], most: 0, anchor: 'restriction-changed' },
  { event: 'fallback-stopped', in: ['sign-in'], most: 0, anchor: 'fallback-stopped' },
];
