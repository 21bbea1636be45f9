/** Claims and leases of workers on deliveries. */
import { afterAll, expect, test } from 'vitest';
import { enrolUser } from '../../../shared/domain/enrolment/enrol-user.ts';
import { startChallenge } from '../../../shared/domain/otp/start-challenge.ts';
import { deliveryStore } from '../../../shared/store/deliveries.ts';
import { backendOn, enrolSomebody } from '../../support/person.ts';
import { startTable } from '../../support/table.ts';

const table = await startTable();
afterAll(() => table.close());

test('a claim that is repeated because its reply was lost stays with the same lease owner', async () => {
  const backend = backendOn(table);
  const userId = await enrolSomebody(backend);
  await startChallenge(
    { person: await backend.person(userId), client: 'web-login', purpose: 'sign-in' },
    backend,
  );
  const [queued] = backend.queued;
  if (queued === undefined) throw new Error('nothing was queued');
  const deliveries = deliveryStore(table);
  const now = backend.clock.now();
  const claim = (leaseOwner: string, at = now) =>
    deliveries.claim(queued.message, at, at + 30_000, leaseOwner);
  expect(await claim('one')).toBeDefined();
  expect(await claim('one')).toBeDefined();
  expect(await claim('another')).toBeUndefined();
  expect(await claim('another', now + 30_000)).toBeDefined();
});

test('a worker that lost its lease to another ends no delivery, gives none back and fails none over', async () => {
  const backend = backendOn(table);
  const userId = await enrolSomebody(backend);
  await startChallenge(
    { person: await backend.person(userId), client: 'web-login', purpose: 'sign-in' },
    backend,
  );
  const [queued] = backend.queued;
  if (queued === undefined) throw new Error('nothing was queued');
  const { message } = queued;
  const deliveries = deliveryStore(table);
  const now = backend.clock.now();
  await deliveries.claim(message, now, now + 30_000, 'slow');
  await deliveries.claim(message, now + 30_000, now + 60_000, 'quick');
  await deliveries.finish(message, 'quick', 'sent');
  await deliveries.finish(message, 'slow', 'failed');
  expect(await deliveries.release(message, 'slow', 1)).toBe(false);
  expect(await deliveries.failOver(message, 'slow', { method: 'Email', refused: ['SMS'], attempts: 0 })).toBe(
    false,
  );
  const record = await backend.users.read(await backend.keyOf(userId));
  expect(record?.challenges[message.challengeKey]?.delivery).toMatchObject({
    status: 'sent',
    method: 'SMS',
  });
});

test('a notice that its queue delivers several times at once is claimed once, and again if its lease runs out', async () => {
  const backend = backendOn(table);
  const userId = await enrolSomebody(backend);
  await enrolUser({ userId, email: `${userId}@example.org` }, true, backend);
  const [message] = backend.told;
  if (message === undefined) throw new Error('nobody is told');
  const deliveries = deliveryStore(table);
  const now = backend.clock.now();
  const claims = await Promise.all(
    Array.from({ length: 5 }, (_, place) => deliveries.claimNotice(message, now, now + 30_000, `${place}`)),
  );
  expect(claims.filter(Boolean)).toHaveLength(1);
  const later = await deliveries.claimNotice(message, now + 30_000, now + 60_000, 'later');
  expect(later?.notices[message.notice]?.kind).toBe('address-changed');
  await deliveries.recordNotified(message);
  expect(await deliveries.claimNotice(message, now + 90_000, now + 120_000, 'last')).toBeUndefined();
});

test('a notice that another worker has claimed is not given back by the worker before it', async () => {
  const backend = backendOn(table);
  const userId = await enrolSomebody(backend);
  await enrolUser({ userId, email: `${userId}@example.org` }, true, backend);
  const [message] = backend.told;
  if (message === undefined) throw new Error('nobody is told');
  const deliveries = deliveryStore(table);
  const now = backend.clock.now();
  const claim = (leaseOwner: string) => deliveries.claimNotice(message, now, now + 30_000, leaseOwner);
  await claim('one');
  await deliveries.releaseNotice(message, 'one');
  expect(await claim('two')).toBeDefined();
  await deliveries.releaseNotice(message, 'one'); // its repetition after a lost reply
  expect(await claim('three')).toBeUndefined();
});
