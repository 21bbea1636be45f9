/** A backup code works once, whoever races, and a new batch ends the old one in the same step. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readBackupCode } from '../../shared/domain/backup-codes/backup-code.ts';
import { countCodes } from '../../shared/domain/backup-codes/count-codes.ts';
import { generateCodes } from '../../shared/domain/backup-codes/generate-codes.ts';
import { type RedeemOutcome, redeemCode } from '../../shared/domain/backup-codes/redeem-code.ts';
import { revokeCodes } from '../../shared/domain/backup-codes/revoke-codes.ts';
import { changeUser, enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { removeUser } from '../../shared/domain/enrolment/remove-user.ts';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';
import { codeAudit } from '../../shared/store/code-audit.ts';
import { type Backend, backendOn, enrolSomebody, trusting } from '../support/person.ts';
import { startTable } from '../support/table.ts';

const table = await startTable();
afterAll(() => table.close());

const policy = {
  ...defaultPolicy,
  securityCodes: 'both' as const,
  helpDesk: { ...trusting.helpDesk, perOperatorPerHour: 30, perClientPerHour: 300 },
};
let backend: Backend;
const client = 'web-login';
const helpDesk = { isAdministrator: false };
let requests = 0;
beforeEach(() => {
  backend = backendOn(table, policy);
});

function newRequest(): string {
  requests += 1;
  return `request-${requests}`;
}

async function generate(userId: string, more: Partial<Parameters<typeof generateCodes>[0]> = {}) {
  const count = more.kind === 'one-time' ? {} : { count: 3 }; // each code is a hash that takes its time
  const asked = {
    person: await backend.person(userId),
    kind: 'static',
    client: 'helpdesk',
    operator: 'olga',
    reason: 'lost the phone',
    request: newRequest(),
    ...count,
    ...more,
  } as const;
  const outcome = await generateCodes(asked, backend);
  if (outcome.kind !== 'generated') throw new Error(outcome.kind);
  return outcome;
}

async function use(userId: string, code: string, request = newRequest()): Promise<RedeemOutcome> {
  return redeemCode(
    { person: await backend.person(userId), client, code: readBackupCode(code) as string, request },
    backend,
  );
}

test('backup code double spend: of thirty requests at once with one code, one succeeds', async () => {
  const userId = await enrolSomebody(backend);
  const { codes } = await generate(userId, { count: undefined });
  const outcomes = await Promise.all(Array.from({ length: 30 }, () => use(userId, codes[0] as string)));
  expect(outcomes.filter(({ kind }) => kind === 'verified')).toHaveLength(1);
  expect(await countCodes(userId, backend)).toMatchObject({ static: { total: 10, remaining: 9 } });
});

test('codes of both kinds work, each once, in any order', async () => {
  const userId = await enrolSomebody(backend);
  const { codes } = await generate(userId, { count: 3 });
  const oneTime = await generate(userId, { kind: 'one-time' });
  expect(oneTime.codes).toHaveLength(1);
  for (const code of [...codes.toReversed(), ...oneTime.codes]) {
    expect((await use(userId, code)).kind).toBe('verified');
    expect((await use(userId, code)).kind).toBe('code-rejected');
  }
});

test('no code exists of which it could not be noted who had it made, and the old ones go on working', async () => {
  const userId = await enrolSomebody(backend);
  const { codes } = await generate(userId);
  const noTable = { ...table, name: 'there-is-no-such-table' };
  const forgetful = { ...backend, audit: codeAudit(noTable, backend.clock) };
  const asked = {
    person: await backend.person(userId),
    kind: 'static',
    operator: 'olga',
    reason: 'lost the phone',
    client: 'helpdesk',
    request: newRequest(),
  } as const;
  await expect(generateCodes(asked, forgetful)).rejects.toThrow();
  expect((await use(userId, codes[0] as string)).kind).toBe('verified');
  expect((await countCodes(userId, backend))?.generations).toHaveLength(1);
});

test('backup code after regeneration: a new batch ends the old one of its kind, and only of its kind', async () => {
  const userId = await enrolSomebody(backend);
  const old = await generate(userId, { count: 2 });
  const other = await generate(userId, { kind: 'one-time' });
  const fresh = await generate(userId, { count: 2 });
  expect((await use(userId, old.codes[0] as string)).kind).toBe('code-rejected');
  expect((await use(userId, other.codes[0] as string)).kind).toBe('verified');
  expect((await use(userId, fresh.codes[0] as string)).kind).toBe('verified');
});

test('expired backup code: a one-time code dies after a day unless asked otherwise, a static one never', async () => {
  const userId = await enrolSomebody(backend);
  const day = await generate(userId, { kind: 'one-time' });
  const forever = await generate(userId);
  expect(day.expiresAt).toBe(backend.clock.now() + 86_400_000);
  expect(forever.expiresAt).toBeUndefined();
  backend.advance(86_399);
  const hour = await generate(userId, { kind: 'one-time', expiresInSeconds: 3_600 });
  backend.advance(3_600);
  expect((await use(userId, hour.codes[0] as string)).kind).toBe('code-rejected');
  backend.advance(400 * 86_400);
  expect((await use(userId, forever.codes[0] as string)).kind).toBe('verified');
});

test("people who do not exist take nothing of an operator's or a client's batches", async () => {
  const counted: string[] = [];
  const limiter: Backend['limiter'] = {
    async release() {},
    async clear() {},
    tryReserve: async () => true,
    async reserve(counter) {
      counted.push(counter);
      return 'reserved';
    },
  };
  const request = {
    person: await backend.person('nobody'),
    kind: 'static',
    operator: 'olga',
    reason: 'lost the phone',
    client: 'helpdesk',
    request: 'a',
  } as const;
  expect((await generateCodes(request, { ...backend, limiter })).kind).toBe('not-found');
  expect(counted).toEqual([]);
  const somebody = { ...request, person: await backend.person(await enrolSomebody(backend)) };
  expect((await generateCodes(somebody, { ...backend, limiter })).kind).toBe('generated');
  expect(counted).toHaveLength(2);
});

test('a request sent again is answered alike and uses nothing more', async () => {
  const userId = await enrolSomebody(backend);
  const { codes } = await generate(userId);
  const [first, second] = codes as [string, string];
  const answer = await use(userId, first, 'again');
  expect(answer.kind).toBe('verified');
  expect(await use(userId, first, 'again')).toEqual(answer);
  expect((await use(userId, second, 'again')).kind).toBe('conflict');
  expect(await countCodes(userId, backend)).toMatchObject({ static: { remaining: 2 } });
});

test('generating under the same key twice tells that it was done and never the codes again', async () => {
  const userId = await enrolSomebody(backend);
  const asked = {
    person: await backend.person(userId),
    kind: 'static',
    operator: 'olga',
    reason: 'lost the phone',
    client: 'helpdesk',
    request: 'once',
  } as const;
  const outcomes = await Promise.all([generateCodes(asked, backend), generateCodes(asked, backend)]);
  expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['conflict', 'generated']);
  expect((await generateCodes(asked, backend)).kind).toBe('conflict');
});

test('backup code brute force: bounded like one-time codes, for names that exist and that do not', async () => {
  for (const userId of [await enrolSomebody(backend), `nobody-${newRequest()}`]) {
    const outcomes: RedeemOutcome[] = [];
    for (let attempt = 1; attempt <= 11; attempt += 1)
      outcomes.push(await use(userId, '0000-0000-0000-0000'));
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: 10 }, () => 'code-rejected'),
      'attempts-exhausted',
    ]);
    expect(outcomes[0]).toEqual({ kind: 'code-rejected', attemptsRemaining: 9 });
    expect(outcomes[10]).toMatchObject({ retryAt: backend.clock.now() + 30_000 });
  }
});

test('every address is notified that a code was used, and that two are left', async () => {
  const userId = await enrolSomebody(backend);
  const { codes } = await generate(userId, { count: 3 });
  backend.told.length = 0;
  await use(userId, codes[0] as string);
  const kinds = new Set(backend.told.map(({ notice }) => notice));
  expect(kinds.size).toBeGreaterThanOrEqual(2);
  expect(new Set(backend.told.map(({ address }) => address))).toEqual(new Set(['phone', 'email']));
});

describe('the help desk', () => {
  test('help desk generating for itself: refused, as for nobody or a kind that policy does not allow', async () => {
    const userId = await enrolSomebody(backend);
    const ask = async (more: object) =>
      generateCodes(
        {
          person: await backend.person(userId),
          kind: 'static',
          operator: 'olga',
          reason: 'lost the phone',
          client: 'helpdesk',
          request: newRequest(),
          ...more,
        },
        backend,
      );
    expect((await ask({ operator: userId.toUpperCase() })).kind).toBe('own-account');
    expect((await ask({ person: await backend.person('nobody-here') })).kind).toBe('not-found');
    const oneTimeOnly = backendOn(table, { ...policy, securityCodes: 'one-time' });
    const refused = await generateCodes(
      {
        person: await backend.person(userId),
        kind: 'static',
        operator: 'olga',
        reason: 'lost the phone',
        client: 'helpdesk',
        request: newRequest(),
      },
      oneTimeOnly,
    );
    expect(refused.kind).toBe('not-offered');
  });

  /** Lets a tenth of what a window allows through, so that three stand for thirty: each batch takes its time. */
  const tenth = (): Backend => ({
    ...backend,
    limiter: {
      ...backend.limiter,
      reserve: (counter, request, now, windows) =>
        backend.limiter.reserve(
          counter,
          request,
          now,
          windows.map((window) => ({ ...window, limit: window.limit / 10 })),
        ),
    },
  });

  test('stolen operator session: thirty batches an hour for a client and operator', async () => {
    const userId = await enrolSomebody(backend);
    const ask = async (operator: string) =>
      generateCodes(
        {
          person: await backend.person(userId),
          kind: 'one-time',
          client: 'helpdesk',
          operator,
          reason: 'lost the phone',
          request: newRequest(),
        },
        tenth(),
      );
    const operator = `operator-${newRequest()}`;
    for (let batch = 1; batch <= 3; batch += 1) expect((await ask(operator)).kind).toBe('generated');
    expect((await ask(operator)).kind).toBe('rate-limited');
    expect((await ask('another-operator')).kind).toBe('generated');
  });

  test('a client that makes operators up has 300 batches an hour, and another client its own', async () => {
    const userId = await enrolSomebody(backend);
    const client = `helpdesk-${newRequest()}`;
    const ask = async (place: number, by = client) =>
      generateCodes(
        {
          person: await backend.person(userId),
          kind: 'one-time',
          client: by,
          operator: `made-up-${place}`,
          reason: 'lost the phone',
          request: newRequest(),
        },
        tenth(),
      );
    let made = 0;
    while (made < 40 && (await ask(made)).kind === 'generated') made += 1;
    expect(made).toBe(30);
    expect((await ask(0, `${client}-2`)).kind).toBe('generated');
    backend.advance(3_601);
    expect((await ask(made)).kind).toBe('generated');
  });

  test('revokes all codes of a user', async () => {
    const userId = await enrolSomebody(backend);
    const { codes } = await generate(userId);
    expect(await revokeCodes(await backend.person(userId), helpDesk, backend)).toBe('revoked');
    expect((await use(userId, codes[0] as string)).kind).toBe('code-rejected');
    expect(await revokeCodes(await backend.person('nobody-here'), helpDesk, backend)).toBe('not-found');
  });

  test('revokes nothing of a protected person without a second operator; an administrator does', async () => {
    const userId = await enrolSomebody(backend);
    await changeUser(userId, { protected: true }, undefined, backend);
    const revoke = async (isAdministrator: boolean, secondOperator: 'off' | 'protected-users' = 'off') => {
      const policy = { ...backend.policy, helpDesk: { ...backend.policy.helpDesk, secondOperator } };
      await generate(userId, { isAdministrator: true, count: 1 });
      const outcome = await revokeCodes(
        await backend.person(userId),
        { isAdministrator },
        { ...backend, policy },
      );
      const record = await backend.users.read(await backend.keyOf(userId));
      return { outcome, kept: Object.keys(record?.codeBatches ?? {}).length };
    };
    expect(await revoke(false)).toEqual({ outcome: 'protected', kept: 1 });
    expect(await revoke(true)).toEqual({ outcome: 'revoked', kept: 0 });
    expect(await revoke(false, 'protected-users')).toEqual({ outcome: 'revoked', kept: 0 });
  });
});

test('disabled user finishing: the backup codes do not work', async () => {
  const userId = await enrolSomebody(backend);
  const { codes } = await generate(userId);
  await enrolUser({ userId, email: 'somebody@example.com' }, false, backend);
  expect((await use(userId, codes[0] as string)).kind).toBe('code-rejected');
});

test('stolen table: nothing in it holds a backup code', async () => {
  const userId = await enrolSomebody(backend);
  const { codes } = await generate(userId);
  const stored = JSON.stringify(await backend.users.read(await backend.keyOf(userId)));
  for (const code of codes) expect(stored).not.toContain(readBackupCode(code));
});

test('a request that used a code cannot use it for something else, nor again when its key is forgotten', async () => {
  const userId = await enrolSomebody(backend);
  const { codes } = await generate(userId);
  const code = readBackupCode(codes[0] as string) as string;
  const redeem = async (more = {}) =>
    redeemCode({ person: await backend.person(userId), client, code, request: 'key', ...more }, backend);
  expect((await redeem()).kind).toBe('verified');
  const forRecovery = await redeem({ recovery: 'a-recovery' });
  expect(forRecovery.kind).toBe('conflict');
  backend.advance(601);
  await generate(userId, { kind: 'one-time' }); // a write that forgets
  expect((await redeem()).kind).toBe('code-rejected');
});

test('a generation sent again makes no codes after it was superseded or revoked', async () => {
  const userId = await enrolSomebody(backend);
  await generate(userId, { request: 'first' });
  await generate(userId, { request: 'second' });
  const again = async (request: string) =>
    generateCodes(
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
  expect((await again('first')).kind).toBe('conflict');
  await revokeCodes(await backend.person(userId), helpDesk, backend);
  expect((await again('second')).kind).toBe('conflict');
});

test('race between disabling and verifying: refused between the attempt and its judgement', async () => {
  const userId = await enrolSomebody(backend);
  const { codes } = await generate(userId);
  let disabled = false;
  const users = {
    ...backend.users,
    write: async (...records: Parameters<typeof backend.users.write>) => {
      if (!disabled) {
        disabled = true;
        await enrolUser({ userId, email: 'somebody@example.com' }, false, backend);
      }
      return backend.users.write(...records);
    },
  };
  const code = readBackupCode(codes[0] as string) as string;
  const outcome = await redeemCode(
    { person: await backend.person(userId), client, code, request: newRequest() },
    { ...backend, users },
  );
  expect(outcome.kind).toBe('code-rejected');
});

test('a batch that could not be announced is taken back without the notice of another one', async () => {
  const userId = await enrolSomebody(backend);
  let other = '';
  const failing = {
    async send() {
      other = (await generate(userId, { kind: 'one-time' })).batch;
      throw new Error('the queue is down');
    },
  };
  const request = {
    person: await backend.person(userId),
    kind: 'static',
    operator: 'olga',
    reason: 'lost the phone',
    client: 'helpdesk',
    request: newRequest(),
  } as const;
  await expect(generateCodes(request, { ...backend, notices: failing })).rejects.toThrow('the queue is down');
  const record = await backend.users.read(await backend.keyOf(userId));
  expect(record?.codeBatches).toMatchObject({ 'one-time': { id: other } });
  expect(record?.codeBatches.static).toBeUndefined();
  const notices = Object.entries(record?.notices ?? {}).filter(([, { kind }]) => kind === 'codes-generated');
  expect(notices.map(([id]) => id)).toEqual([other]);
});

test('the notice of a used code whose queue failed is sent with the repetition', async () => {
  const userId = await enrolSomebody(backend);
  const { codes } = await generate(userId);
  const code = readBackupCode(codes[0] as string) as string;
  const request = { person: await backend.person(userId), client, code, request: 'told' };
  const down = { send: () => Promise.reject(new Error('the queue is down')) };
  await expect(redeemCode(request, { ...backend, notices: down })).rejects.toThrow();
  backend.told.length = 0;
  expect((await redeemCode(request, backend)).kind).toBe('verified');
  expect(backend.told.length).toBeGreaterThan(0);
});

test('backup code double spend: thirty repetitions of one request at once are told alike, and one code is used', async () => {
  const userId = await enrolSomebody(backend);
  const { codes } = await generate(userId);
  const code = readBackupCode(codes[0] as string) as string;
  const request = { person: await backend.person(userId), client, code, request: 'repeated' };
  const outcomes = await Promise.all(Array.from({ length: 30 }, () => redeemCode(request, backend)));
  expect(outcomes).toEqual(Array(30).fill(outcomes[0]));
  expect(outcomes[0]).toMatchObject({ kind: 'verified', remaining: 2 });
});

test('of somebody who was removed no used code is kept, and none is told again', async () => {
  const userId = await enrolSomebody(backend);
  const { codes } = await generate(userId);
  const code = readBackupCode(codes[0] as string) as string;
  const request = { person: await backend.person(userId), client, code, request: 'used' };
  expect((await redeemCode(request, backend)).kind).toBe('verified');
  await removeUser(userId, backend);
  expect((await backend.users.read(request.person.key))?.uses).toEqual([]);
  expect((await redeemCode(request, backend)).kind).toBe('code-rejected');
});
