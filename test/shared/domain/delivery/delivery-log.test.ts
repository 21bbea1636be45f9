/** The help desk's list of messages: one line for each of them, however often the worker tried it. */
import { afterAll, expect, test } from 'vitest';
import { encrypt } from '../../../../shared/domain/crypto/encryption.ts';
import type { CarrierResult } from '../../../../shared/domain/delivery/carriers.ts';
import { deliverNotice } from '../../../../shared/domain/delivery/deliver-notice.ts';
import { enrolUser } from '../../../../shared/domain/enrolment/enrol-user.ts';
import { readDeliveries } from '../../../../shared/domain/enrolment/read-deliveries.ts';
import { startChallenge } from '../../../../shared/domain/otp/start-challenge.ts';
import { backendOn, enrolSomebody } from '../../../support/person.ts';
import { startTable } from '../../../support/table.ts';
import { workerOn } from '../../../support/worker.ts';

const table = await startTable();
afterAll(() => table.close());

/** Somebody, and a worker whose carrier throttles so many messages before it takes one. */
async function somebody(throttled = 0) {
  const backend = backendOn(table);
  const userId = await enrolSomebody(backend);
  let left = throttled;
  const carrier = (): CarrierResult => {
    left -= 1;
    return left < 0 ? { kind: 'accepted' } : { kind: 'refused', reason: 'throttled' };
  };
  const worker = workerOn(table, backend, carrier);
  const ports = {
    ...worker.ports,
    carriers: { ...worker.ports.carriers, sendNotice: async () => carrier() },
  };
  const start = async () =>
    startChallenge(
      { person: await backend.person(userId), client: 'web-login', purpose: 'sign-in', method: 'Email' },
      backend,
    );
  const lines = async () =>
    (await readDeliveries(await backend.person(userId), { ...backend, deliveryLog: ports.deliveryLog })) ??
    [];
  /** Delivers one notice of a changed number until it does not come back; returns how often. */
  const tell = async (through: typeof ports = ports, most = 25) => {
    const number = '+12025559999';
    await enrolUser(
      { userId, phone: { number, country: 'US' }, email: `${userId}@example.com` },
      true,
      backend,
    );
    let next = backend.told.find(({ address }) => address === 'email');
    let tried = 0;
    for (; next !== undefined && tried < most; tried += 1) {
      await deliverNotice(next, through);
      next = worker.waiting.splice(0)[0]?.message;
      backend.advance(900);
    }
    return tried;
  };
  return { userId, backend, worker, ports, start, lines, tell };
}

test('a notice that a ceiling holds for hours has one line, and pushes no code out', async () => {
  const { userId, backend, worker, ports, start, lines, tell } = await somebody();
  await start();
  await worker.work();
  backend.advance(1);
  const full = async () => ({ retryAt: backend.clock.now() + 900_000 });
  expect(await tell({ ...ports, limiter: { ...ports.limiter, reserve: full } })).toBe(25);
  const notice = { purpose: 'notice', outcome: 'queued', reason: 'destination-limit' };
  expect(await lines()).toMatchObject([notice, { purpose: 'sign-in', outcome: 'sent' }]);
  expect(await ports.deliveryLog.read(await backend.keyOf(userId))).toHaveLength(2);
});

test('a code that a carrier throttled and then took has one line, which says that it was sent', async () => {
  const { worker, start, lines } = await somebody(2);
  await start();
  await worker.round();
  const [queued, ...others] = await lines();
  expect({ queued, others }).toMatchObject({
    queued: { outcome: 'queued', reason: 'throttled' },
    others: [],
  });
  await worker.work();
  expect(await lines()).toEqual([
    {
      at: expect.any(Number),
      method: 'Email',
      destination: 'p•••@example.com',
      purpose: 'sign-in',
      outcome: 'sent',
    },
  ]);
});

test('a notice that a carrier throttled and then took has one line, which says that it was sent', async () => {
  const { lines, tell } = await somebody(3);
  expect(await tell()).toBe(4);
  expect(await lines()).toMatchObject([{ purpose: 'notice', outcome: 'sent' }]);
});

test('two codes to one address are two messages', async () => {
  const { backend, worker, start, lines } = await somebody();
  for (let sent = 0; sent < 2; sent += 1) {
    await start();
    await worker.work();
    backend.advance(120);
  }
  expect(await lines()).toMatchObject([{ outcome: 'sent' }, { outcome: 'sent' }]);
});

test('a code that no worker ever took waits no longer than it could be used', async () => {
  const { backend, start, lines } = await somebody();
  await start();
  expect(await lines()).toMatchObject([{ purpose: 'sign-in', outcome: 'queued' }]);
  backend.advance(31 * 86_400);
  expect(await lines()).toEqual([]);
});

test('notes of before messages had ids are read, each as a line of its own', async () => {
  const { userId, backend, ports, lines } = await somebody();
  const locator = await backend.keyOf(userId);
  const at = backend.clock.now();
  const note = { at, method: 'SMS', destination: '•••77', purpose: 'sign-in', outcome: 'sent' };
  for (let sent = 0; sent < 2; sent += 1)
    await ports.deliveryLog.add(locator, encrypt(note, `${locator} deliveries`, backend.keyring), at);
  expect(await lines()).toEqual([note, note]);
});
