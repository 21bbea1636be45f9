/** What the administrator's words `mode` and `mfaMethod` do to a whole deployment. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completePolicy } from '../../infra/configuration/stage.ts';
import { policyVersion } from '../../shared/domain/policy/policy-version.ts';
import { type Stack, startStack } from '../stack.ts';
import { caller, codeSentTo, enrol, messagesTo, problemOf, until } from './people.ts';
import { recoverer } from './recovering.ts';

let stack: Stack;
let api: ReturnType<typeof caller>;

const start = (policy: object) => async () => {
  stack = await startStack({ policy });
  api = caller(stack);
};
const policyAs = async (client: 'web-login' | 'helpdesk' | 'admin') =>
  (await api.call('GET', '/v1/policy', undefined, { client })).body;

describe('mode MFA with the method SMS', () => {
  beforeAll(start({ mode: 'MFA', mfaMethod: 'SMS' }));
  afterAll(() => stack.stop());

  test('issues as Hybrid does, by SMS at once', async () => {
    const person = await enrol(stack);
    const { status, body } = await api.start(person.userId);
    expect(status).toBe(201);
    expect(body).toMatchObject({ method: 'SMS', methods: ['SMS'] });
    const code = await codeSentTo(stack, person.phone);
    expect((await api.verify(body.challengeId, code)).status).toBe(200);
  });

  test('offers no other method to start or to switch to', async () => {
    const person = await enrol(stack);
    const { body } = await api.start(person.userId);
    await codeSentTo(stack, person.phone);
    await stack.advance(30);
    for (const method of ['Email', 'Call']) {
      for (const answer of [
        await api.start(person.userId, { method }, { client: 'web-login' }),
        await api.resend(body.challengeId, { method }),
      ]) {
        expect(problemOf(answer)).toMatchObject({ status: 422, code: 'method-unavailable' });
      }
    }
    expect(await messagesTo(stack, person.email)).toBe(0);
  });

  test('method downgrade: no spelling of another method is taken, and nothing is sent by it', async () => {
    const person = await enrol(stack);
    for (const method of [
      'email',
      'EMAIL',
      'all',
      'All',
      'ALL',
      'call',
      ['Email'],
      ['SMS', 'Email'],
      { $ne: 'SMS' },
    ]) {
      const answer = await api.start(person.userId, { method });
      expect(problemOf(answer)).toMatchObject({ status: 400, pointers: ['/method'] });
    }
    expect((await api.start(person.userId, { mfaMethod: 'Email' })).status).toBe(400);
    expect((await stack.outbox(person.email)).length + (await stack.outbox(person.phone)).length).toBe(0);
  });

  test('ends with the carrier that refuses: no other method takes over', async () => {
    const person = await enrol(stack);
    await stack.refuse('sns', person.phone);
    const { body } = await api.start(person.userId);
    const read = async () => (await api.status(body.challengeId)).body;
    await stack.advance(3);
    const failed = await until(read, ({ delivery }) => delivery !== 'queued');
    expect(failed).toMatchObject({ method: 'SMS', delivery: 'failed', status: 'pending' });
    expect(await messagesTo(stack, person.email)).toBe(0);
  });

  test('treats who has only an email as who does not exist', async () => {
    const person = await enrol(stack, { phone: undefined });
    const { status, body } = await api.start(person.userId);
    expect({ status, method: body.method }).toEqual({ status: 201, method: 'SMS' });
    const read = async () => (await api.status(body.challengeId)).body;
    await stack.advance(3);
    await until(read, ({ delivery }) => delivery === 'sent');
    expect(await messagesTo(stack, person.email)).toBe(0);
  });

  test('is told to clients, and in full to administrators alone', async () => {
    const offer = {
      mode: 'MFA',
      mfaMethod: 'SMS',
      methods: ['SMS'],
      recoveryPaths: expect.any(Array),
      backupCodeKinds: [],
      codeLength: 6,
      version: policyVersion(completePolicy({ mode: 'MFA', mfaMethod: 'SMS' })),
    };
    expect(await policyAs('web-login')).toEqual(offer);
    expect(await policyAs('helpdesk')).toEqual(offer);
    const { policy, ...rest } = await policyAs('admin');
    expect(rest).toEqual(offer);
    expect(policy).toMatchObject({ mode: 'MFA', otp: { digits: 6, attempts: 5 }, sends: { perDay: 20 } });
  });
});

test('every line of the log names the policy that is in force, and another policy has another name', async () => {
  const names = await Promise.all(
    [{ mode: 'MFA' }, { mode: 'MFA', otp: { attempts: 4 } }].map(async (policy) => {
      const other = await startStack({ policy });
      try {
        const { userId } = await enrol(other);
        const { body } = await caller(other).start(userId, { method: 'Email' });
        await caller(other).verify(body.challengeId, '000000');
        await until(
          async () => readFileSync(other.output, 'utf8'),
          (text) => text.includes('delivery-ended'),
        );
        const logged = readFileSync(other.output, 'utf8').matchAll(/^[\w-]+ \| (\{.*"event".*\})$/gm);
        const lines = Array.from(logged, ([, line = '']) => JSON.parse(line));
        const events = ['user-enrolled', 'challenge-started', 'delivery-ended'];
        expect(lines.map(({ event }) => event)).toEqual(expect.arrayContaining(events));
        const inForce = (await caller(other).call('GET', '/v1/policy', undefined)).body.version;
        expect(new Set(lines.map((line) => line.policy))).toEqual(new Set([inForce]));
        return inForce;
      } finally {
        await other.stop();
      }
    }),
  );
  expect(new Set(names).size).toBe(2);
});

describe('mode DirectFidoAuth', () => {
  beforeAll(start({ mode: 'DirectFidoAuth' }));
  afterAll(() => stack.stop());

  test('refuses every sign-in and sends nothing', async () => {
    const person = await enrol(stack);
    const someId = 'A'.repeat(43);
    const recovering = recoverer(stack);
    for (const answer of [
      await api.start(person.userId),
      await api.start('nobody', { method: 'SMS' }),
      await api.resend(someId),
      await api.verify(someId, '000000'),
      await recovering.choose('A'.repeat(32), 'kba'),
      await recovering.useBackupCode({ recoveryId: 'A'.repeat(32), code: '0000-0000-0000-0000' }),
      await recovering.generate(person.userId, { kind: 'static' }),
    ]) {
      expect(problemOf(answer)).toMatchObject({ status: 403, code: 'fallback-disabled' });
    }
    expect((await stack.outbox()).length).toBe(0);
    expect(await policyAs('web-login')).toMatchObject({ mode: 'DirectFidoAuth', methods: [] });
  });
});
