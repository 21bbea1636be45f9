/** What the administrator's words `mode`, `mfaMethod`, `forgotPhone` and `securityCodes` do to a whole deployment. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completePolicy } from '../../infra/configuration/stage.ts';
import { policyVersion } from '../../shared/domain/policy/policy-version.ts';
import { borrowStack, type Stack, startStack } from '../stack.ts';
import { codeSentTo, enrol, messagesTo, problemOf, until } from './people.ts';
import { enrolRecovering, recoverer } from './recovering.ts';
import { narrow } from './variants.ts';

let stack: Stack;
let api: ReturnType<typeof recoverer>;

const onceThereIs = (starting: () => Promise<Stack>) => async () => {
  stack = await starting();
  api = recoverer(stack);
};
const disabled = { status: 403, code: 'fallback-disabled' };
const versionOf = (policy: object) => policyVersion(completePolicy(policy));
/** The names of policies in all that the log says, once it tells of these events. */
async function policiesLogged(...events: readonly string[]): Promise<ReadonlySet<string>> {
  const lines = await until(
    async () => {
      const logged = readFileSync(stack.output, 'utf8').matchAll(/^[\w-]+ \| (\{.*"event".*\})$/gm);
      return Array.from(logged, ([, line = '']) => JSON.parse(line));
    },
    (all) => events.every((wanted) => all.some(({ event }) => event === wanted)),
  );
  return new Set(lines.map(({ policy }) => policy));
}
const policyAs = async (client: 'web-login' | 'helpdesk' | 'admin') =>
  (await api.call('GET', '/v1/policy', undefined, { client })).body;

describe('mode MFA with the method SMS', () => {
  const { policy } = narrow;
  beforeAll(onceThereIs(() => borrowStack(narrow)));
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
      recoveryPaths: ['kba+otp-alternate-email'],
      backupCodeKinds: [],
      codeLength: 6,
      version: versionOf(policy),
    };
    expect(await policyAs('web-login')).toEqual(offer);
    expect(await policyAs('helpdesk')).toEqual(offer);
    const { policy: whole, ...rest } = await policyAs('admin');
    expect(rest).toEqual(offer);
    expect(whole).toMatchObject({ mode: 'MFA', otp: { digits: 6, attempts: 5 }, sends: { perDay: 20 } });
  });

  test('begins the one path of a recovery at once where policy leaves one, and no other can be named', async () => {
    const person = await enrolRecovering(stack);
    const begun = await api.begin(person.userId);
    expect(begun.step.type).toBe('kba');
    const { verification } = (await api.finish(begun, person)).recovery;
    expect(verification.acr).toBe('urn:mfa-fallback:acr:kba+otp-email');
    for (const path of ['kba', 'otp-alternate-email', 'backup-code'])
      expect(problemOf(await api.startAnswer(person.userId, { path }))).toMatchObject(disabled);
    expect(problemOf(await api.askQuestions(person.userId))).toMatchObject(disabled);
  });

  test('makes and takes no backup code where there are to be none, whoever is named', async () => {
    const person = await enrol(stack);
    for (const kind of ['static', 'one-time']) {
      const refused = problemOf(await api.generate(person.userId, { kind }));
      expect(refused).toMatchObject({ status: 422, code: 'method-unavailable' });
    }
    for (const userId of [person.userId, 'nobody-at-all']) {
      const answer = await api.useBackupCode({ userId, code: '0000-0000-0000-0000' });
      expect(problemOf(answer)).toMatchObject(disabled);
    }
  });

  test('is named by every line of the log', async () => {
    const logged = await policiesLogged('user-enrolled', 'challenge-started', 'delivery-ended');
    expect(logged).toEqual(new Set([versionOf(policy)]));
  });
});

describe('mode DirectFidoAuth', () => {
  const policy = {
    mode: 'DirectFidoAuth',
    forgotPhone: { enabled: true, method: 'kba', usersSelect: true },
    securityCodes: 'both',
  };
  beforeAll(onceThereIs(() => startStack({ policy })));
  afterAll(() => stack.stop());

  test('refuses every sign-in and sends nothing', async () => {
    const person = await enrol(stack);
    const someId = 'A'.repeat(43);
    const recoveryId = 'A'.repeat(32);
    for (const answer of [
      await api.start(person.userId),
      await api.start('nobody', { method: 'SMS' }),
      await api.resend(someId),
      await api.verify(someId, '000000'),
      await api.choose(recoveryId, 'kba'),
      await api.useBackupCode({ recoveryId, code: '0000-0000-0000-0000' }),
      await api.generate(person.userId, { kind: 'static' }),
    ]) {
      expect(problemOf(answer)).toMatchObject(disabled);
    }
    expect((await stack.outbox()).length).toBe(0);
    expect(await policyAs('web-login')).toMatchObject({ mode: 'DirectFidoAuth', methods: [] });
  });

  test('starts no recovery, by whatever path, and says so', async () => {
    const person = await enrolRecovering(stack);
    for (const more of [{}, { path: 'kba' }, { path: 'otp-alternate-email' }, { path: 'backup-code' }])
      for (const userId of [person.userId, 'nobody-at-all'])
        expect(problemOf(await api.startAnswer(userId, more))).toMatchObject(disabled);
    expect(problemOf(await api.askQuestions(person.userId))).toMatchObject(disabled);
    expect((await policyAs('web-login')).recoveryPaths).toEqual([]);
    expect(await messagesTo(stack, person.alternateEmail)).toBe(0);
  });

  test('has another name in the log', async () => {
    expect(await policiesLogged('user-enrolled')).toEqual(new Set([versionOf(policy)]));
  });
});
