/** Messages on the queues and ids of calls that nobody of ours wrote: each is looked up, and none is believed. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { deliverCode } from '../../shared/domain/delivery/deliver-code.ts';
import { deliverNotice } from '../../shared/domain/delivery/deliver-notice.ts';
import { codeToSpeak } from '../../shared/domain/delivery/spoken-code.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { newChallengeId, slotOf } from '../../shared/domain/identifiers/challenge-id.ts';
import { resendCode } from '../../shared/domain/otp/resend-code.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import type { Method } from '../../shared/domain/policy/policy.ts';
import { deliveryIdOf, readDeliveryId } from '../../shared/domain/queues/delivery-id.ts';
import type { OtpMessage } from '../../shared/domain/queues/messages.ts';
import { type Backend, backendOn, enrolSomebody } from '../support/person.ts';
import { startTable } from '../support/table.ts';
import { type Worker, workerOn } from '../support/worker.ts';

const table = await startTable();
afterAll(() => table.close());

const client = 'web-login';
let backend: Backend;
let worker: Worker;
beforeEach(() => {
  backend = backendOn(table);
  worker = workerOn(table, backend);
});

/** Starts a challenge and takes its genuine message off the queue. */
async function queued(userId: string, method: Method = 'SMS', by = client): Promise<OtpMessage> {
  const outcome = await startChallenge(
    { person: await backend.person(userId), client: by, purpose: 'sign-in', method },
    backend,
  );
  if (outcome.kind !== 'challenge') throw new Error(outcome.kind);
  return backend.queued.splice(0)[0]?.message as OtpMessage;
}

describe('forged queue message', () => {
  test('with another user’s locator, challenge key, sequence or an id of its own is dropped', async () => {
    const [own, others] = [await enrolSomebody(backend), await enrolSomebody(backend)];
    const message = await queued(own);
    const foreign = await queued(others, 'SMS', 'credential-provider');
    const invented = newChallengeId({
      kind: 'otp',
      purpose: 'sign-in',
      locator: await backend.keyOf(others),
      slot: slotOf({}),
    });
    for (const forged of [
      { ...message, challengeId: foreign.challengeId },
      { ...message, challengeKey: foreign.challengeKey },
      { ...message, challengeKey: '__proto__' },
      { ...message, sequence: 2 },
      { ...message, sequence: 0 },
      { ...message, challengeId: invented },
      { ...message, challengeId: 'user#somebody' },
    ]) {
      expect((await deliverCode(forged, worker.ports)).kind).toBe('dropped');
    }
    expect(worker.left).toEqual([]);
    expect((await deliverCode(message, worker.ports)).kind).toBe('sent');
  });

  test('cannot say where to, or what', async () => {
    const userId = await enrolSomebody(backend);
    const message = await queued(userId);
    const wishes = {
      to: '+12025550666',
      phone: '+12025550666',
      code: '000000',
      method: 'Email',
      isDeliverable: true,
    };
    await deliverCode({ ...message, ...wishes }, worker.ports);
    const [left] = worker.left;
    expect(worker.left).toHaveLength(1);
    expect(left?.to === wishes.to || left?.code === wishes.code || left?.method === wishes.method).toBe(
      false,
    );
  });

  test('sent twenty times at once is one message', async () => {
    const message = await queued(await enrolSomebody(backend));
    const results = await Promise.all(Array.from({ length: 20 }, () => deliverCode(message, worker.ports)));
    expect(results.filter(({ kind }) => kind === 'sent')).toHaveLength(1);
    expect(worker.left).toHaveLength(1);
  });

  test('about a notice that nobody was to get sends nothing', async () => {
    const userId = await enrolSomebody(backend);
    const locator = await backend.keyOf(userId);
    const about = (notice: string, address: 'phone' | 'email' = 'phone') =>
      deliverNotice({ kind: 'notice', locator, notice, address }, worker.ports);
    expect((await about('invented')).kind).toBe('dropped');
    await expect(about('__proto__')).resolves.toEqual({ kind: 'dropped' });
    await enrolUser({ userId, email: 'another@example.com' }, true, backend);
    const [told] = backend.told;
    if (told === undefined) throw new Error('nobody was told');
    expect((await deliverNotice(told, worker.ports)).kind).toBe('sent');
    expect((await deliverNotice(told, worker.ports)).kind).toBe('dropped');
    const elsewhere = { ...told, locator: await backend.keyOf(await enrolSomebody(backend)) };
    expect((await deliverNotice(elsewhere, worker.ports)).kind).toBe('dropped');
  });
});

describe('forged delivery id', () => {
  const speak = async (id: string) => {
    const message = readDeliveryId(id);
    const spoken = message && (await codeToSpeak(message, worker.ports));
    return spoken?.kind === 'code' ? spoken.code : undefined;
  };

  test('of a call that is not under way is answered with nothing', async () => {
    const userId = await enrolSomebody(backend);
    const message = await queued(userId, 'Call');
    const sms = await queued(await enrolSomebody(backend), 'SMS');
    const nobody = await queued('nobody-is-called', 'Call');
    const [id = '', challengeKey = ''] = deliveryIdOf(message).split('.');
    for (const forged of [
      '',
      id,
      `${id}.${challengeKey}`,
      `${id}.${challengeKey}.0`,
      `${id}.${challengeKey}.2`,
      `${id}.${challengeKey}.1e0`,
      `${id}.__proto__.1`,
      `${id}.${sms.challengeKey.toLowerCase()}x.1`,
      `${newChallengeId({ kind: 'otp', purpose: 'sign-in', locator: await backend.keyOf(userId), slot: slotOf({}) })}.${challengeKey}.1`,
      deliveryIdOf(sms),
      deliveryIdOf(nobody),
    ]) {
      expect((await speak(forged)) === undefined, `${forged.length} characters`).toBe(true);
    }
    expect((await speak(deliveryIdOf(message)))?.length).toBe(6);
  });

  test('of a call that a resend or its time has ended is answered with nothing', async () => {
    const userId = await enrolSomebody(backend);
    const message = await queued(userId, 'Call');
    backend.advance(30);
    await resendCode({ challengeId: message.challengeId, client }, backend);
    expect(await speak(deliveryIdOf(message))).toBeUndefined();
    const late = deliveryIdOf({ ...message, sequence: 2 });
    expect((await speak(late)) === undefined).toBe(false);
    backend.advance(270);
    expect(await speak(late)).toBeUndefined();
  });
});
