/** Two requests that should not both win, sent at the same moment, again and again. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readBackupCode } from '../../shared/domain/backup-codes/backup-code.ts';
import { countCodes } from '../../shared/domain/backup-codes/count-codes.ts';
import { generateCodes } from '../../shared/domain/backup-codes/generate-codes.ts';
import { redeemCode } from '../../shared/domain/backup-codes/redeem-code.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { readUser } from '../../shared/domain/enrolment/read-users.ts';
import { removeUser } from '../../shared/domain/enrolment/remove-user.ts';
import { unlockUser } from '../../shared/domain/enrolment/unlock-user.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';
import {
  anotherCode,
  type Backend,
  backendOn,
  enrolSomebody,
  trusting,
  unlocking,
} from '../support/person.ts';
import { startTable } from '../support/table.ts';

const table = await startTable();
afterAll(() => table.close());

const client = 'web-login';
const rounds = 8;
let backend: Backend;
let requests = 0;
beforeEach(() => {
  backend = backendOn(table, { ...defaultPolicy, securityCodes: 'both', ...trusting });
});

function newRequest(): string {
  requests += 1;
  return `request-${requests}`;
}

async function started(userId: string, by = client): Promise<string> {
  const outcome = await startChallenge(
    { person: await backend.person(userId), client: by, purpose: 'sign-in' },
    backend,
  );
  if (outcome.kind !== 'challenge') throw new Error(outcome.kind);
  return outcome.view.challengeId;
}

const verify = (challengeId: string, code: string, request = newRequest(), by = client) =>
  verifyCode({ challengeId, client: by, code, request }, backend);

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

async function generate(userId: string) {
  const request = newRequest();
  const outcome = await generateCodes(
    {
      person: await backend.person(userId),
      kind: 'static',
      count: 5,
      operator: 'olga',
      reason: 'lost the phone',
      client: 'helpdesk',
      request,
    },
    backend,
  );
  if (outcome.kind !== 'generated') throw new Error(outcome.kind);
  return outcome.codes;
}

describe('race between disabling and verifying', () => {
  const endings = {
    // With the same addresses: a change of address would end what is open by itself.
    async disabled(userId: string) {
      const user = await readUser(userId, backend);
      return enrolUser(user?.contact ?? { userId }, false, backend);
    },
    removed: (userId: string) => removeUser(userId, backend),
  } as const;

  test.each(Object.entries(endings))(
    'nothing verifies once somebody is %s, whoever came first',
    async (_, end) => {
      for (let round = 0; round < rounds; round += 1) {
        const userId = await enrolSomebody(backend);
        const id = await started(userId);
        const code = await backend.codeOf(userId, client);
        const ended = end(userId);
        const isLate = round % 2 === 1;
        if (isLate) await ended;
        const outcomes = await Promise.all(Array.from({ length: 4 }, () => verify(id, code)));
        await ended;
        expect(outcomes.filter(({ kind }) => kind === 'verified').length).toBeLessThanOrEqual(isLate ? 0 : 1);
        expect((await verify(id, code)).kind).not.toBe('verified');
      }
    },
  );
});

describe('unlock race', () => {
  test('attempts that run while the help desk unlocks get no more than their challenge has', async () => {
    const userId = await enrolSomebody(backend);
    const id = await started(userId);
    const code = await backend.codeOf(userId, client);
    const [outcomes] = await Promise.all([
      Promise.all(Array.from({ length: 40 }, (_, by) => verify(id, anotherCode(code, by + 1)))),
      // Against forty writers some of these give up as unavailable, which is as good a race.
      ...Array.from({ length: 5 }, async () =>
        unlockUser({ ...unlocking, person: await backend.person(userId) }, backend).catch(() => undefined),
      ),
    ]);
    expect(outcomes.filter(({ kind }) => kind === 'code-rejected')).toHaveLength(5);
    await unlockUser({ ...unlocking, person: await backend.person(userId) }, backend);
    expect((await verify(id, code)).kind).toBe('attempts-exhausted');
  });
});

describe('replay after success', () => {
  test('a hundred repetitions at once add no success, and under the key they say what was said', async () => {
    const userId = await enrolSomebody(backend);
    const id = await started(userId);
    const code = await backend.codeOf(userId, client);
    const first = await verify(id, code, 'the-request');
    expect(first.kind).toBe('verified');
    const others = await Promise.all(Array.from({ length: 100 }, () => verify(id, code)));
    expect(new Set(others.map(({ kind }) => kind))).toEqual(new Set(['challenge-closed']));
    const repeated = await Promise.all(Array.from({ length: 100 }, () => verify(id, code, 'the-request')));
    expect(new Set(repeated.map((outcome) => JSON.stringify(outcome)))).toEqual(
      new Set([JSON.stringify(first)]),
    );
  });
});

describe('backup code after regeneration', () => {
  test('a code whose batch is replaced between its attempt and its judgement uses nothing of the new one', async () => {
    const userId = await enrolSomebody(backend);
    const [old = ''] = await generate(userId);
    let fresh: readonly string[] = [];
    const users: Backend['users'] = {
      ...backend.users,
      async write(before, after) {
        if (fresh.length === 0) {
          fresh = ['under way'];
          fresh = await generate(userId);
        }
        return backend.users.write(before, after);
      },
    };
    const request = {
      person: await backend.person(userId),
      client,
      code: readBackupCode(old) as string,
      request: newRequest(),
    };
    expect((await redeemCode(request, { ...backend, users })).kind).toBe('code-rejected');
    expect(await countCodes(userId, backend)).toMatchObject({ static: { total: 5, remaining: 5 } });
    expect((await use(userId, fresh[0] as string)).kind).toBe('verified');
  });

  test('while a new batch is made an old code works or does not, and never after it was shown', async () => {
    const userId = await enrolSomebody(backend);
    const old = await generate(userId);
    await Promise.all([generate(userId), ...old.slice(0, 3).map((code) => use(userId, code))]);
    for (const code of old.slice(0, 4)) expect((await use(userId, code)).kind).toBe('code-rejected');
    expect(await countCodes(userId, backend)).toMatchObject({ static: { total: 5, remaining: 5 } });
  });
});

describe('parallel brute force over a first name', () => {
  test('a name that nobody has asked for gets no extra attempts for its first requests', async () => {
    const userId = `nobody-${newRequest()}`;
    const outcomes = await Promise.all(
      Array.from({ length: 25 }, () =>
        use(userId, '0000-0000-0000-0000').catch(() => ({ kind: 'unavailable' })),
      ),
    );
    expect(outcomes.filter(({ kind }) => kind === 'code-rejected').length).toBeLessThanOrEqual(10);
    expect((await use(userId, '0000-0000-0000-0000')).kind).not.toBe('verified');
  });
});
