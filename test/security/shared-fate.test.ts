/** Enumeration by an outage: while a carrier is down, a decoy's message fares as a person's does. */
import { afterAll, expect, test } from 'vitest';
import { readChallenge } from '../../shared/domain/challenge/read-challenge.ts';
import { channelHealth } from '../../shared/domain/delivery/channel-health.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { backendOn, enrolSomebody } from '../support/person.ts';
import { startTable } from '../support/table.ts';
import { workerOn } from '../support/worker.ts';

const table = await startTable();
afterAll(() => table.close());

const client = 'web-login';

/** A name of nobody whose decoy has all methods, as the person has. */
async function unknownWithAllMethods(backend: ReturnType<typeof backendOn>, prefix: string): Promise<string> {
  for (let place = 0; ; place += 1) {
    const userId = `${prefix}-${place}`;
    const outcome = await startChallenge(
      { person: await backend.person(userId), client: 'probe', purpose: 'sign-in' },
      backend,
    );
    if (outcome.kind === 'challenge' && outcome.view.methods.length === 3) return userId;
  }
}

test.each(['throttled', 'timeout', 'fault'] as const)(
  'enumeration by an outage (%s): retries, the next method and the end look alike',
  async (reason) => {
    const backend = backendOn(table);
    const userIds = [await enrolSomebody(backend), await unknownWithAllMethods(backend, reason)];
    backend.queued.length = 0;
    let down: readonly string[] = ['SMS'];
    const worker = workerOn(table, backend, (method) =>
      down.includes(method) ? { kind: 'refused', reason } : { kind: 'accepted' },
    );
    const ids = await Promise.all(
      userIds.map(async (userId) => {
        const outcome = await startChallenge(
          { person: await backend.person(userId), client, purpose: 'sign-in', method: 'SMS' },
          backend,
        );
        if (outcome.kind !== 'challenge') throw new Error(outcome.kind);
        return outcome.view.challengeId;
      }),
    );
    backend.queued.sort(({ message }) => (message.challengeId === ids[0] ? -1 : 1)); // the fate is a person's first
    backend.advance(3);
    const shown = () =>
      Promise.all(
        ids.map(async (id) => {
          const found = await readChallenge(id, client, backend);
          return { delivery: found?.delivery, method: found?.method, status: found?.status };
        }),
      );
    const seen: Awaited<ReturnType<typeof shown>>[] = [];
    while (backend.queued.length > 0) {
      await worker.round();
      seen.push(await shown());
      backend.advance(1);
    }
    for (const [person, nobody] of seen) expect(nobody).toEqual(person);
    expect(seen.map(([person]) => `${person?.method} ${person?.delivery}`)).toEqual([
      ...Array(4).fill('SMS queued'),
      'Email queued',
      'Email sent',
    ]);
    down = [];
    expect(worker.left).toHaveLength(1);
  },
);

test('the health of a channel is its own, is forgotten after a success or a minute, and is no destination’s', () => {
  const health = channelHealth();
  health.note('SMS', 'throttled', 0);
  expect([health.of('SMS', 59_999), health.of('Email', 0), health.of('SMS', 60_000)]).toEqual([
    'throttled',
    undefined,
    undefined,
  ]);
  health.note('SMS', 'opted-out', 1);
  health.note('Call', 'permanent', 1);
  expect([health.of('SMS', 2), health.of('Call', 2)]).toEqual(['throttled', undefined]);
  health.note('SMS', undefined, 3);
  expect(health.of('SMS', 4)).toBeUndefined();
});
