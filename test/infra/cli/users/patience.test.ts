/** How an import waits when the API asks it to, or says nothing. */
import { describe, expect, it } from 'vitest';
import { patience } from '../../../../infra/cli/users/import/patience.ts';
import { ClientFault } from '../../../../shared/client/fault.ts';
import type { Problem, Result } from '../../../../shared/client/problem.ts';

/** A watch that moves on only where somebody sleeps. */
function watch() {
  let now = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep: async (milliseconds: number) => {
      slept.push(milliseconds);
      now += milliseconds;
    },
  };
}

const problem = (code: Problem['code'], more: object = {}) =>
  ({ ok: false, problem: { code, ...more } }) as Result<string>;

describe('an import waits', () => {
  it('as long as the API asks for, then goes on', async () => {
    const time = watch();
    const answers = [problem('unavailable', { retryAfterSeconds: 7 }), { ok: true, value: 'done' } as const];
    const result = await patience(time).follow(async () => answers.shift() ?? problem('unavailable'));
    expect(result).toEqual({ ok: true, value: 'done' });
    expect(time.slept).toEqual([7000]);
  });

  it('longer each time while nothing is said, and again briefly after an answer', async () => {
    const time = watch();
    const { follow } = patience(time);
    let left = 0;
    const request = async (): Promise<Result<string>> => {
      if (left-- > 0) throw new ClientFault('no-answer', 'the API does not answer');
      return { ok: true, value: 'done' };
    };
    for (const silences of [0, 4, 1]) {
      left = silences;
      await follow(request);
    }
    expect(time.slept).toEqual([500, 1000, 2000, 4000, 500]);
  });

  it('for all at once: one refusal slows down the others too', async () => {
    const time = watch();
    const { follow } = patience(time);
    const once = [problem('unavailable', { retryAfterSeconds: 3 })];
    const slow = follow(async () => once.shift() ?? { ok: true, value: 'slow' });
    await Promise.resolve();
    await follow(async () => ({ ok: true, value: 'other' }) as const);
    await slow;
    expect(time.slept[0]).toBe(3000);
  });

  it('ten minutes at most', async () => {
    const waiting = patience(watch()).follow(async () => problem('unavailable'));
    await expect(waiting).rejects.toThrow('the API accepted nothing for ten minutes');
  });

  it('not at all for an API that never answered', async () => {
    const time = watch();
    const silent = new ClientFault('no-answer', 'the API does not answer');
    await expect(patience(time).follow(() => Promise.reject(silent))).rejects.toBe(silent);
    expect(time.slept).toEqual([]);
  });

  it('never for a refusal, nor for credentials that are not taken', async () => {
    const { follow } = patience(watch());
    expect(await follow(async () => problem('conflict'))).toMatchObject({ problem: { code: 'conflict' } });
    const refused = new ClientFault('token-refused', 'the token issuer answered 401');
    await expect(follow(() => Promise.reject(refused))).rejects.toBe(refused);
  });
});
