/** A notice's way out of the record: told at every address, it is gone, and no old address is kept. */
import { afterAll, expect, test } from 'vitest';
import { enqueueNotices } from '../../../../shared/domain/contact/notices.ts';
import type { CarrierResult, Carriers } from '../../../../shared/domain/delivery/carriers.ts';
import { deliverNotice } from '../../../../shared/domain/delivery/deliver-notice.ts';
import { enrolUser } from '../../../../shared/domain/enrolment/enrol-user.ts';
import { Unavailable } from '../../../../shared/domain/faults.ts';
import { backendOn, enrolSomebody } from '../../../support/person.ts';
import { startTable } from '../../../support/table.ts';
import { workerOn } from '../../../support/worker.ts';

const table = await startTable();
afterAll(() => table.close());

/** Somebody whose email has changed, and a worker whose carrier answers `result`. */
async function changed(result: () => CarrierResult) {
  const backend = backendOn(table);
  const userId = await enrolSomebody(backend);
  await enrolUser({ userId, email: `${userId}@example.org` }, true, backend);
  const messages = backend.told.splice(0);
  const sent: string[] = [];
  const carriers = {
    async sendNotice(_: string, { to }: { readonly to: string }) {
      sent.push(to);
      return result();
    },
  } as unknown as Carriers;
  const ports = { ...workerOn(table, backend).ports, notices: backend.notices, carriers };
  const record = async () => {
    const found = await backend.users.read(await backend.keyOf(userId));
    if (found === undefined) throw new Error('nobody is there');
    return found;
  };
  return { userId, backend, messages, sent, record, deliver: deliverNotice, ports };
}

test('a notice leaves the record once every address is notified, however the workers race', async () => {
  const { messages, sent, record, ports } = await changed(() => ({ kind: 'accepted' }));
  expect(Object.keys((await record()).notices)).toHaveLength(2); // of the contact before and of the one after
  expect(messages).toHaveLength(3);
  await Promise.all(messages.map((message) => deliverNotice(message, ports)));
  expect(new Set(sent).size).toBe(3);
  expect((await record()).notices).toEqual({});
  for (const message of messages) expect(await deliverNotice(message, ports)).toEqual({ kind: 'dropped' });
  expect(sent).toHaveLength(3);
});

test('while an address is left, the notice stays and only that one is queued again', async () => {
  const { messages, record, backend, ports } = await changed(() => ({ kind: 'accepted' }));
  const [first, second, last] = messages;
  if (first === undefined || second === undefined) throw new Error('nobody is told');
  await deliverNotice(first, ports);
  await deliverNotice(second, ports);
  const found = await record();
  expect(Object.keys(found.notices)).toHaveLength(2);
  await enqueueNotices(found.locator, found, backend);
  expect(backend.told).toEqual([last]);
});

test('an address that is refused for good ends it; a fault does not, and in the end is left to the queue', async () => {
  const refused = await changed(() => ({ kind: 'refused', reason: 'opted-out' }));
  for (const message of refused.messages) await deliverNotice(message, refused.ports);
  expect((await refused.record()).notices).toEqual({});
  const faulty = await changed(() => ({ kind: 'refused', reason: 'throttled' }));
  for (const message of faulty.messages) {
    for (let tries = 0; tries < 4; tries += 1)
      expect(await deliverNotice({ ...message, tries }, faulty.ports)).toMatchObject({ kind: 'retry' });
    for (let offered = 0; offered < 2; offered += 1)
      await expect(deliverNotice({ ...message, tries: 4 }, faulty.ports)).rejects.toBeInstanceOf(Unavailable);
  }
  expect(Object.keys((await faulty.record()).notices)).toHaveLength(2);
});

test('a change that was decided earlier does not forget who was notified meanwhile', async () => {
  const { userId, messages, record, backend, ports } = await changed(() => ({ kind: 'accepted' }));
  const before = await record();
  for (const message of messages) await deliverNotice(message, ports);
  expect(await backend.users.write(before, { ...before, failuresByAuthenticator: { SMS: 1 } })).toBe(true);
  expect((await record()).notices).toEqual({});
  await enrolUser({ userId, email: `${userId}@example.net` }, true, backend);
  expect(backend.told).toHaveLength(2); // of the change alone, at the old and the new address
});
