import { afterAll, expect, test } from 'vitest';
import { startChallenge } from '../../../shared/domain/issue-otp.ts';
import { deliveryStore } from '../../../shared/store/deliveries.ts';
import { backendOn, enrolSomebody } from '../../support/person.ts';
import { startTable } from '../../support/table.ts';

const table = await startTable();
afterAll(() => table.close());

test('a claim that is repeated because its reply was lost is the same claim, and nobody else’s', async () => {
  const backend = backendOn(table);
  const userId = await enrolSomebody(backend);
  await startChallenge({ userId, client: 'web-login', purpose: 'sign-in' }, backend);
  const [queued] = backend.queued;
  if (queued === undefined) throw new Error('nothing was queued');
  const deliveries = deliveryStore(table);
  const now = backend.clock.now();
  const claim = (claimant: string, at = now) => deliveries.claim(queued.message, at, at + 30_000, claimant);
  expect(await claim('one')).toBeDefined();
  expect(await claim('one')).toBeDefined();
  expect(await claim('another')).toBeUndefined();
  expect(await claim('another', now + 30_000)).toBeDefined();
});
