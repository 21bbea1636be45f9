/** The bodies of requests and answers about restrictions. */
import * as z from 'zod/mini';
import { operator, reason } from './operator.ts';
import { optional } from './optional.ts';

const stateShape = 'Use one of open, closed.';
const state = optional(z.enum(['open', 'closed'], { error: stateShape }));
const untilShape = 'Use a time to come in RFC 3339, for example 2030-01-31T18:00:00Z.';
const nothing = 'Name recoveries or helpDeskCodes.';

export const restrictionsBody = z
  .strictObject({
    recoveries: state,
    helpDeskCodes: state,
    until: optional(z.iso.datetime({ offset: true, error: untilShape })),
    operator,
    reason,
  })
  .check(
    z.refine(
      ({ recoveries, helpDeskCodes }) => recoveries !== undefined || helpDeskCodes !== undefined,
      nothing,
    ),
  );

/** Epoch milliseconds; `undefined` for a time that has passed. */
export function comingTime(until: string, now: number): number | undefined {
  const at = Date.parse(until);
  return at > now ? at : undefined;
}

export const untilPassed = { pointer: '/until', detail: untilShape };
