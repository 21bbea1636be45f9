/** No queue goes faster than the stage says, and none keeps a function waiting for long. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  batchOf,
  callsAtOnce,
  millisecondsOf,
  pacedQueues,
  paceOf,
  paceProblems,
} from '../../../infra/configuration/paces.ts';

describe('a pace', () => {
  it('is never exceeded by all places with full batches, and is nearly reached', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), (perSecond) => {
        const pace = paceOf('sms', { sms: { perSecond } });
        const batch = batchOf(pace);
        const seconds = (batch * millisecondsOf(pace)) / 1_000;
        const reached = (pace.concurrency * batch) / seconds;
        expect(reached).toBeLessThanOrEqual(perSecond);
        expect(reached).toBeGreaterThan(perSecond * 0.9);
        expect(seconds).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('is what accounts get from AWS where the stage says nothing', () => {
    const [sms, email, call, notice] = pacedQueues.map((queue) => paceOf(queue).perSecond);
    expect((sms ?? 0) + (notice ?? 0)).toBeLessThanOrEqual(20);
    expect((email ?? 0) + (notice ?? 0)).toBeLessThanOrEqual(14);
    expect(call).toBe(2);
    expect(callsAtOnce()).toBe(10);
  });

  it('with more places than messages a second is refused', () => {
    expect(paceProblems({ sms: { perSecond: 4, concurrency: 5 } })).toEqual([
      {
        field: 'delivery.sms.concurrency',
        message: '5 is not allowed; use at most 4: with 4 a second no more are of use',
      },
    ]);
    expect(paceProblems({ email: { perSecond: 1, concurrency: 2 } })).toEqual([]);
  });
});
