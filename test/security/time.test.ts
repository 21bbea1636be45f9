/** What is over stays over: while its item is still in the table, and when a clock runs backwards. */
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readBackupCode } from '../../shared/domain/backup-codes/backup-code.ts';
import { generateCodes } from '../../shared/domain/backup-codes/generate-codes.ts';
import { redeemCode } from '../../shared/domain/backup-codes/redeem-code.ts';
import { readChallenge } from '../../shared/domain/challenge/read-challenge.ts';
import { profileOf } from '../../shared/domain/contact/profile.ts';
import { resendCode } from '../../shared/domain/otp/resend-code.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';
import { type Recovery, readRecovery } from '../../shared/domain/recovery/recovery.ts';
import { fromItem } from '../../shared/store/attributes.ts';
import { recoveryStore } from '../../shared/store/recoveries.ts';
import { destinationKey, userKey } from '../../shared/store/table.ts';
import { anotherCode, type Backend, backendOn, enrolSomebody, someKey, trusting } from '../support/person.ts';
import { startTable } from '../support/table.ts';

const table = await startTable();
afterAll(() => table.close());

const client = 'web-login';
let backend: Backend;
let requests = 0;
beforeEach(() => {
  backend = backendOn(table, { ...defaultPolicy, securityCodes: 'both', ...trusting });
});

function newRequest(): string {
  requests += 1;
  return `request-${requests}`;
}

async function started(userId: string): Promise<string> {
  const outcome = await startChallenge(
    { person: await backend.person(userId), client, purpose: 'sign-in' },
    backend,
  );
  if (outcome.kind !== 'challenge') throw new Error(outcome.kind);
  return outcome.view.challengeId;
}

const verify = (challengeId: string, code: string) =>
  verifyCode({ challengeId, client, code, request: newRequest() }, backend);

const use = async (userId: string, code: string) =>
  redeemCode(
    {
      person: await backend.person(userId),
      client,
      code: readBackupCode(code) as string,
      request: newRequest(),
    },
    backend,
  );

const itemAt = async (Key: ReturnType<typeof userKey>) => {
  const { Item } = await table.client.send(new GetItemCommand({ TableName: table.name, Key }));
  return Item && fromItem(Item);
};

describe('item that TTL has not yet removed', () => {
  test('a challenge that is over is over for verify, resend and status', async () => {
    const userId = await enrolSomebody(backend);
    const id = await started(userId);
    const code = await backend.codeOf(userId, client);
    backend.advance(3 * 86_400);
    expect(JSON.stringify(await itemAt(userKey(await backend.keyOf(userId))))).toContain(id);
    expect(await verify(id, code)).toEqual({ kind: 'challenge-closed' });
    expect(await resendCode({ challengeId: id, client }, backend)).toEqual({ kind: 'challenge-closed' });
    expect(await readChallenge(id, client, backend)).toMatchObject({ status: 'closed' });
  });

  test('a backup code that is over is refused', async () => {
    const userId = await enrolSomebody(backend);
    const request = newRequest();
    const made = await generateCodes(
      {
        person: await backend.person(userId),
        kind: 'one-time',
        operator: 'olga',
        reason: 'lost the phone',
        client: 'helpdesk',
        request,
      },
      backend,
    );
    if (made.kind !== 'generated') throw new Error(made.kind);
    backend.advance(86_400);
    expect((await use(userId, made.codes[0] as string)).kind).toBe('code-rejected');
  });

  test('a counter of sends that is over holds nobody back', async () => {
    const userId = await enrolSomebody(backend);
    for (let sends = 0; sends < 5; sends += 1) {
      await started(userId);
      backend.advance(120);
    }
    const counter = (await counterOf(userId)) as { ttl: number; sent: number[] };
    backend.advance(2 * 86_400);
    expect(counter.ttl).toBeLessThan(backend.clock.now() / 1_000);
    expect(counter.sent).toHaveLength(5);
    await started(userId);
  });

  test('a recovery that is over by its time has no step and takes no answer', async () => {
    const recoveries = recoveryStore(table, backend.keyring);
    const now = backend.clock.now();
    const recovery: Recovery = {
      id: 'r'.repeat(32),
      client,
      person: someKey('somebody'),
      userId: 'somebody',
      paths: ['kba'],
      path: 'kba',
      startedAt: now,
      expiresAt: now + 900_000,
      status: 'pending',
      step: { type: 'backup-code', token: 'token' },
      body: '',
      revision: 1,
      mac: '',
    };
    await recoveries.create(recovery);
    backend.advance(900);
    const found = await readRecovery(recovery.id, client, { recoveries, clock: backend.clock });
    expect(found).toMatchObject({ status: 'timed-out' });
    expect(found?.step).toBeUndefined();
  });

  test('the record of a name that nobody enrolled gives its next start nothing away and nothing back', async () => {
    const userId = `nobody-${newRequest()}`;
    const id = await started(userId);
    for (let wrong = 0; wrong < 5; wrong += 1) await verify(id, '000000');
    backend.advance(100 * 86_400);
    const record = (await itemAt(userKey(await backend.keyOf(userId)))) as { ttl: number };
    expect(record.ttl).toBeLessThan(backend.clock.now() / 1_000);
    const next = await startChallenge(
      { person: await backend.person(userId), client, purpose: 'sign-in' },
      backend,
    );
    expect(next).toMatchObject({ kind: 'challenge', view: { attemptsRemaining: 5 } });
  });

  async function counterOf(userId: string) {
    const record = await backend.users.read(await backend.keyOf(userId));
    if (record === undefined) throw new Error('there is no record');
    const counter = profileOf(userId, record, backend.keyring, backend, 'sign-in', backend.clock.now())
      .destination('SMS')
      .counter();
    return itemAt(destinationKey(counter));
  }
});

describe('clock moved back', () => {
  const hour = 3_600;

  test('a used code stays used', async () => {
    const userId = await enrolSomebody(backend);
    const id = await started(userId);
    const code = await backend.codeOf(userId, client);
    expect((await verify(id, code)).kind).toBe('verified');
    backend.advance(-hour);
    expect(await verify(id, code)).toEqual({ kind: 'challenge-closed' });
  });

  test('recorded attempts stay recorded, and a wait becomes no shorter', async () => {
    const userId = await enrolSomebody(backend);
    for (const _challenge of [1, 2]) {
      const id = await started(userId);
      const wrong = anotherCode(await backend.codeOf(userId, client));
      for (let attempt = 0; attempt < 5; attempt += 1) await verify(id, wrong);
      backend.advance(60);
    }
    backend.advance(-hour);
    const id = await startChallenge(
      { person: await backend.person(userId), client: 'another', purpose: 'sign-in' },
      backend,
    );
    if (id.kind !== 'challenge') throw new Error(id.kind);
    const code = await backend.codeOf(userId, 'another');
    const { challengeId } = id.view;
    const outcome = await verifyCode(
      { challengeId, client: 'another', code, request: newRequest() },
      backend,
    );
    expect(outcome).toMatchObject({ kind: 'attempts-exhausted' });
  });

  test('a destination that is full stays full', async () => {
    const userId = await enrolSomebody(backend);
    const start = async (by: number) =>
      startChallenge(
        { person: await backend.person(userId), client: `client-${by}`, purpose: 'sign-in', method: 'SMS' },
        backend,
      );
    for (let by = 1; by <= 5; by += 1) expect((await start(by)).kind).toBe('challenge');
    backend.advance(-hour);
    expect((await start(6)).kind).toBe('rate-limited');
  });

  test('a backup code that was used stays used', async () => {
    const userId = await enrolSomebody(backend);
    const request = newRequest();
    const made = await generateCodes(
      {
        person: await backend.person(userId),
        kind: 'static',
        operator: 'olga',
        reason: 'lost the phone',
        client: 'helpdesk',
        request,
      },
      backend,
    );
    if (made.kind !== 'generated') throw new Error(made.kind);
    const [code = ''] = made.codes;
    expect((await use(userId, code)).kind).toBe('verified');
    backend.advance(-hour);
    expect((await use(userId, code)).kind).toBe('code-rejected');
  });
});
