/** What SNS says of an SMS after it took it: a code goes another way once, and nothing that was decided changes. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { heedStatus } from '../../shared/domain/delivery/heed-status.ts';
import { resendCode } from '../../shared/domain/otp/resend-code.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import type { Method } from '../../shared/domain/policy/policy.ts';
import type { SmsFate } from '../../shared/domain/queues/messages.ts';
import { databaseRequests, totalOf } from '../support/database-requests.ts';
import { anotherCode, type Backend, backendOn, enrolSomebody } from '../support/person.ts';
import { startTable } from '../support/table.ts';
import { type Worker, workerOn } from '../support/worker.ts';

const table = await startTable();
afterAll(() => table.close());

const client = 'web-login';
let backend: Backend;
let worker: Worker;
let messageId: string;
beforeEach(() => {
  backend = backendOn(table);
  messageId = randomUUID();
  worker = workerOn(table, backend, () => ({ kind: 'accepted', messageId }));
});

async function sentTo(userId: string, among?: readonly Method[]): Promise<string> {
  const person = await backend.person(userId);
  const started = await startChallenge({ person, client, purpose: 'sign-in', method: 'SMS', among }, backend);
  if (started.kind !== 'challenge') throw new Error(started.kind);
  await worker.round();
  return started.view.challengeId;
}

const heed = async (fate: SmsFate = 'blocked', of = messageId) =>
  (await heedStatus({ kind: 'status', messageId: of, fate }, worker.ports))?.next;
const methods = () => worker.left.map(({ method }) => method);

let requests = 0;
function verify(challengeId: string, code: string) {
  requests += 1;
  return verifyCode({ challengeId, client, code, request: `request-${requests}` }, backend);
}

test('lost SMS: its code goes by email once, however often SNS says that it did not arrive', async () => {
  const challengeId = await sentTo(await enrolSomebody(backend));
  await verify(challengeId, anotherCode(worker.left[0]?.code ?? ''));
  const said = await Promise.all([heed(), heed(), heed()]);
  expect(said.filter((next) => next === 'failed-over')).toHaveLength(1);
  await worker.work();
  expect(methods()).toEqual(['SMS', 'Email']);
  expect(await heed()).toBe('none');
  await worker.work();
  expect(methods()).toEqual(['SMS', 'Email']);
  expect((await verify(challengeId, worker.left[1]?.code ?? '')).kind).toBe('verified');
});

test('SNS says of an SMS that it arrived, or did not: for so many requests to the table', async () => {
  await sentTo(await enrolSomebody(backend));
  const sent = vi.spyOn(table.client, 'send');
  const counted: number[] = [];
  for (const fate of ['delivered', 'blocked'] as const) {
    sent.mockClear();
    await heed(fate);
    counted.push(sent.mock.calls.length);
  }
  sent.mockRestore();
  const [, arrived, lost] = databaseRequests['an SMS whose fate SNS tells / what it tells: arrived / lost'];
  expect(counted).toEqual([totalOf(arrived), totalOf(lost)]);
});

test('message turned to a method that its client does not take: a code that SMS refuses fails instead', async () => {
  const refusing = workerOn(table, backend, () => ({ kind: 'refused', reason: 'opted-out' }));
  const start = async (among: readonly Method[]) => {
    const person = await backend.person(await enrolSomebody(backend));
    await startChallenge({ person, client, purpose: 'sign-in', method: 'SMS', among }, backend);
    return (await refusing.round()).map(({ kind }) => kind);
  };
  expect(await start(['SMS', 'Email'])).toEqual(['failed-over']);
  backend.queued.length = 0;
  expect(await start(['SMS'])).toEqual(['failed']);
});

test('lost SMS: its code is not sent by a method that its client does not take', async () => {
  await sentTo(await enrolSomebody(backend), ['SMS']);
  expect(await heed()).toBe('failed');
  await worker.work();
  expect(methods()).toEqual(['SMS']);
});

test('lost SMS: who turned it may end before it is queued; the next status queues it', async () => {
  await sentTo(await enrolSomebody(backend));
  expect(await heed()).toBe('failed-over');
  backend.queued.splice(0);
  expect(await heed()).toBe('none');
  await worker.work();
  expect(methods()).toEqual(['SMS', 'Email']);
});

test('a false status of an SMS takes no attempt back, ends no success and brings nothing that is over back', async () => {
  const used = await sentTo(await enrolSomebody(backend));
  expect((await verify(used, worker.left[0]?.code ?? '')).kind).toBe('verified');
  expect(await heed()).toBe('none');

  const of = randomUUID();
  messageId = of;
  const resent = await sentTo(await enrolSomebody(backend));
  backend.advance(30);
  messageId = randomUUID();
  await resendCode({ challengeId: resent, client, method: 'SMS' }, backend);
  await worker.round();
  expect(await heed('blocked', of)).toBe('none');
  expect(await heed('delivered')).toBe('none');
  backend.advance(300);
  expect(await heed()).toBe('none');
  expect(await heed('blocked', randomUUID())).toBeUndefined();
  expect(methods()).toEqual(['SMS', 'SMS', 'SMS']);
  expect(backend.queued).toEqual([]);
});

test('a status that comes before the worker has noted that the code left is looked at again', async () => {
  const challengeId = await sentTo(await enrolSomebody(backend));
  const sms = await worker.ports.sentSms.find(messageId);
  backend.advance(30);
  await resendCode({ challengeId, client, method: 'SMS' }, backend);
  const [next] = backend.queued;
  if (sms === undefined || next === undefined) throw new Error('nothing was sent');
  await worker.ports.sentSms.note(messageId, { ...sms, message: next.message });
  await worker.ports.deliveries.claim(
    next.message,
    backend.clock.now(),
    backend.clock.now() + 48_000,
    'busy',
  );
  expect(await heed()).toBe('later');
  expect(worker.statuses).toEqual([{ kind: 'status', messageId, fate: 'blocked' }]);
});
