/** Whoever writes into the table, and has no key, makes nothing that a signature follows from. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Ports } from '../../functions/recovery/ports.ts';
import { present } from '../../functions/recovery/present.ts';
import { readBackupCode } from '../../shared/domain/backup-codes/backup-code.ts';
import { generateCodes } from '../../shared/domain/backup-codes/generate-codes.ts';
import { redeemCode } from '../../shared/domain/backup-codes/redeem-code.ts';
import { rightCode } from '../../shared/domain/challenge/winning-attempt.ts';
import { stateKeysOf } from '../../shared/domain/crypto/state-keys.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { ForgedState, Unavailable } from '../../shared/domain/faults.ts';
import { slotOf } from '../../shared/domain/identifiers/challenge-id.ts';
import { askQuestions } from '../../shared/domain/kba/ask-questions.ts';
import { checkAnswers } from '../../shared/domain/kba/check-answers.ts';
import { enrolQuestion } from '../../shared/domain/kba/enrolled-questions.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { defaultPolicy, type Policy } from '../../shared/domain/policy/policy.ts';
import type { RecoveryPath } from '../../shared/domain/policy/recovery-paths.ts';
import { choosePath } from '../../shared/domain/recovery/choose-path.ts';
import { endRecovery } from '../../shared/domain/recovery/end-recovery.ts';
import type { Recovery } from '../../shared/domain/recovery/recovery.ts';
import { startRecovery } from '../../shared/domain/recovery/start-recovery.ts';
import { challengeKeyOf } from '../../shared/domain/user-record/challenge.ts';
import { recoveryStore } from '../../shared/store/recoveries.ts';
import { restrictionStore } from '../../shared/store/restrictions.ts';
import { recoveryKey, userKey } from '../../shared/store/table.ts';
import { patiently } from '../support/patience.ts';
import { type Backend, backendOn, trusting } from '../support/person.ts';
import { startTable } from '../support/table.ts';
import { rewrite, type Written } from '../support/table-writer.ts';

const table = await startTable();
afterAll(() => table.close());

const client = 'web-login';
const answersOf = {
  'first-teacher': 'Wollstonecraft',
  'childhood-street': 'Heron Gate',
  'first-film': 'Cat Isle',
};
const policy = {
  ...defaultPolicy,
  ...trusting,
  securityCodes: 'both' as const,
  forgotPhone: { enabled: true, method: 'kba' as const, usersSelect: true },
};

let backend: Backend;
let signed: string[];
let ports: Ports & Backend;
let userId: string;
let people = 0;
let requests = 0;

beforeEach(async () => {
  backend = backendOn(table, policy);
  signed = [];
  ports = {
    ...backend,
    recoveries: recoveryStore(table, backend.keyring),
    restrictions: restrictionStore(table),
    pollUntil: patiently,
    workflow: { start: async () => {}, succeed: async () => 'resumed', fail: async () => 'resumed' },
    answers: { find: async () => undefined, keep: async (_id, _key, answer) => answer },
    issuer: 'https://issuer.example',
    clientIdClaim: 'client_id',
    signer: {
      keyId: 'signing-1',
      async sign(input) {
        signed.push(input);
        return randomBytes(8);
      },
    },
  };
  people += 1;
  userId = await enrolled(`forged-${people}`);
});

async function enrolled(name: string, enabled = true): Promise<string> {
  const questions = await Promise.all(
    Object.entries(answersOf).map(([questionId, answer]) =>
      enrolQuestion({ questionId, answer }, backend.keyring),
    ),
  );
  const contact = { email: `${name}@example.com`, alternateEmail: `${name}@alternate.example` };
  await enrolUser({ userId: name, ...contact }, enabled, backend, questions);
  return name;
}

const newRequest = () => {
  requests += 1;
  return `request-${requests}`;
};
const slot = (purpose: 'sign-in' | 'recovery' = 'sign-in', recovery?: string, by = client) =>
  challengeKeyOf(by, { purpose, slot: slotOf({ recovery }) });
const writeRecord = async (change: (item: Written) => void) =>
  rewrite(table, userKey(await backend.keyOf(userId)), change);
const writeRecovery = (id: string, change: (item: Written) => void) =>
  rewrite(table, recoveryKey(id), change);
const rightAnswers = (asked: readonly string[]) =>
  asked.map((questionId) => ({ questionId, answer: answersOf[questionId as keyof typeof answersOf] }));

async function ask(purpose: 'sign-in' | 'recovery' = 'sign-in', recovery?: string) {
  const outcome = await askQuestions(
    { person: await backend.person(userId), client, purpose, recovery },
    backend,
  );
  if (outcome.kind !== 'questions') throw new Error(outcome.kind);
  return outcome.view;
}

async function start(purpose: 'sign-in' | 'recovery' = 'sign-in', recovery?: string, by = client) {
  const outcome = await startChallenge(
    { person: await backend.person(userId), client: by, purpose, recovery },
    backend,
  );
  if (outcome.kind !== 'challenge') throw new Error(outcome.kind);
  const { record } = await backend.person(userId);
  const challenge = record.challenges[slot(purpose, recovery, by)];
  if (challenge === undefined) throw new Error('no challenge is open');
  return { challengeId: outcome.view.challengeId, code: rightCode(challenge, backend.keyring) };
}

const verify = (challengeId: string, code: string, request = newRequest(), by = client) =>
  verifyCode({ challengeId, client: by, code, request }, backend);

async function begin(path?: RecoveryPath, offered: Partial<Policy> = {}): Promise<Recovery> {
  const under = { ...ports, policy: { ...policy, ...offered } };
  const outcome = await startRecovery({ person: await backend.person(userId), client, path }, under);
  if (outcome.kind !== 'recovery') throw new Error(outcome.kind);
  return outcome.recovery;
}

const finish = async (id: string) => (await endRecovery(id, 'succeeded', ports)) ?? { recovery: undefined };

describe('forged recovery', () => {
  test.each([
    ['one that nobody answered', {}],
    ['one of nobody', { userId: 'nobody-at-all' }],
  ])('a success that was written into the table is not asserted: %s', async (_, more) => {
    const { id } = await begin('kba+otp-alternate-email');
    await writeRecovery(id, (item) => {
      Object.assign(item, more, { status: 'succeeded', subject: userId, endedAt: backend.clock.now() });
    });
    const found = (await ports.recoveries.read(id)) as Recovery;
    await expect(present(found, ports)).rejects.toBeInstanceOf(ForgedState);
    expect(signed).toEqual([]);
  });

  test('what it succeeded for, as what and when cannot be changed, nor can another be made of it', async () => {
    const { id } = await begin('kba');
    const { challengeId, asked } = await ask('recovery', id);
    const answers = rightAnswers(asked);
    const outcome = await checkAnswers({ challengeId, client, answers, request: newRequest() }, backend);
    expect(outcome.kind).toBe('verified');
    const found = (await ports.recoveries.read(id)) as Recovery;
    const step = { type: 'kba', token: 'token', challengeId, questions: [], expiresAt: 0 } as const;
    await ports.recoveries.write(found, { ...found, step, revision: found.revision + 1 });
    const { recovery } = await finish(id);
    expect(recovery?.status).toBe('succeeded');
    const succeeded = recovery as Recovery;
    await present(succeeded, ports);
    expect(signed).toHaveLength(1);
    for (const change of [
      { subject: 'victim' },
      { path: 'kba+otp-alternate-email' },
      { client: 'another' },
      { endedAt: (succeeded.endedAt as number) + 1 },
      { id: 'A'.repeat(32) },
      { person: 'another' },
      { mac: undefined },
    ] as Partial<Recovery>[]) {
      await expect(present({ ...succeeded, ...change }, ports)).rejects.toBeInstanceOf(ForgedState);
    }
    expect(signed).toHaveLength(1);
  });

  test('answers that only its own item claims do not finish it', async () => {
    const { id } = await begin('kba+otp-alternate-email');
    const { challengeId } = await ask('recovery', id);
    const code = await start('recovery', id);
    await writeRecovery(id, (item) => {
      item.answered = [challengeId];
      item.step = { type: 'otp', token: 'token', challengeId: code.challengeId };
    });
    expect((await finish(id)).recovery?.status).toBe('failed');
  });

  test('answers that the record claims do not finish it', async () => {
    const { id } = await begin('kba');
    const { challengeId } = await ask('recovery', id);
    await writeRecord((item) => {
      item.kbaChallenges[slot('recovery', id)].verified = 'a-request';
    });
    await writeRecovery(id, (item) => {
      item.answered = [challengeId];
    });
    expect(await finish(id)).toMatchObject({ recovery: { status: 'failed' }, forged: 'questions' });
  });

  test('answers of another recovery do not finish it', async () => {
    const first = await begin('kba');
    const { challengeId, asked } = await ask('recovery', first.id);
    const answers = rightAnswers(asked);
    await checkAnswers({ challengeId, client, answers, request: newRequest() }, backend);
    const second = await begin('kba');
    await writeRecovery(second.id, (item) => {
      item.answered = [challengeId];
    });
    expect((await finish(second.id)).recovery?.status).toBe('failed');
  });

  test('a path that was not offered is not chosen', async () => {
    const forgotPhone = { ...policy.forgotPhone, method: 'otp-alternate-email' } as const;
    const { id } = await begin(undefined, { forgotPhone });
    await writeRecovery(id, (item) => {
      item.step = { type: 'choose', token: 'token' };
      item.paths = ['kba'];
    });
    await expect(choosePath(id, client, 'kba', ports)).rejects.toBeInstanceOf(ForgedState);
  });
});

describe('forged answers', () => {
  const wrong = (asked: readonly string[]) =>
    asked.map((questionId) => ({ questionId, answer: 'something else' }));

  test('wrong answers that the table calls verified are not', async () => {
    const { challengeId, asked } = await ask();
    const request = newRequest();
    const asking = { challengeId, client, answers: wrong(asked), request };
    expect((await checkAnswers(asking, backend)).kind).toBe('rejected');
    await writeRecord((item) => {
      item.kbaChallenges[slot()].verified = request;
    });
    await expect(checkAnswers(asking, backend)).rejects.toBeInstanceOf(ForgedState);
  });

  test.each([
    ['one question in place of three', (asked: string[]) => asked.slice(0, 1)],
    ['one question three times', (asked: string[]) => [asked[0], asked[0], asked[0]]],
    ['none', () => []],
  ])('a challenge asks what it asked, and not %s', async (_, change) => {
    const { challengeId, asked } = await ask();
    await writeRecord((item) => {
      const challenge = item.kbaChallenges[slot()];
      challenge.asked = change(challenge.asked);
    });
    const [known, ...others] = asked as [string, ...string[]];
    const left = change([...asked]).length === 3 ? wrong(others) : [];
    const answers = change([...asked]).length === 0 ? [] : [...rightAnswers([known]), ...left];
    const asking = { challengeId, client, answers, request: newRequest() };
    await expect(checkAnswers(asking, backend)).rejects.toBeInstanceOf(ForgedState);
  });

  test('nor does the next one ask what somebody wrote', async () => {
    await writeRecord((item) => {
      const [first] = item.securityQuestions.asked;
      item.securityQuestions.asked = [first, first, first];
    });
    await expect(ask()).rejects.toThrow();
  });

  test.each([
    ['later', { expiresAt: Number.MAX_SAFE_INTEGER }],
    ['more often', { maxAttempts: 1_000 }],
    ['for a sign-in', { recovery: undefined }],
  ])('they do not count %s', async (_, change) => {
    const { challengeId, asked } = await ask('recovery', 'a-recovery');
    await writeRecord((item) => {
      Object.assign(item.kbaChallenges[slot('recovery', 'a-recovery')], change);
    });
    const asking = { challengeId, client, answers: rightAnswers(asked), request: newRequest() };
    await expect(checkAnswers(asking, backend)).rejects.toBeInstanceOf(ForgedState);
  });
});

describe('forged use of a backup code', () => {
  test('a made-up code that the table calls redeemed is not', async () => {
    const asking = {
      person: await backend.person(userId),
      client,
      code: '0'.repeat(16),
      request: newRequest(),
    };
    expect((await redeemCode(asking, backend)).kind).toBe('code-rejected');
    await writeRecord((item) => {
      const { at } = item.codeAttempts.attempts[0];
      const made = { use: `${asking.request}@${at}`, id: 'x', userId, kind: 'static', remaining: 1, at };
      item.codes.uses = [made];
    });
    const again = { ...asking, person: await backend.person(userId) };
    await expect(redeemCode(again, backend)).rejects.toBeInstanceOf(ForgedState);
  });

  test('nor is a real one told to another name, client or time', async () => {
    const asked = {
      person: await backend.person(userId),
      kind: 'one-time',
      client: 'helpdesk',
      operator: 'olga',
      reason: 'lost the phone',
      request: newRequest(),
    } as const;
    const made = await generateCodes(asked, backend);
    if (made.kind !== 'generated') throw new Error(made.kind);
    const code = readBackupCode(made.codes[0] as string) as string;
    const asking = async () => ({ person: await backend.person(userId), client, code, request: 'used' });
    expect((await redeemCode(await asking(), backend)).kind).toBe('verified');
    await expect(redeemCode({ ...(await asking()), client: 'another' }, backend)).rejects.toBeInstanceOf(
      ForgedState,
    );
    await writeRecord((item) => {
      item.codes.uses[0].userId = 'victim';
    });
    await expect(redeemCode(await asking(), backend)).rejects.toBeInstanceOf(ForgedState);
  });
});

describe('forged challenge', () => {
  test.each([
    ['lives longer', { expiresAt: Number.MAX_SAFE_INTEGER }],
    ['bears more attempts', { maxAttempts: 1_000 }],
    ['is no step of its recovery', { recovery: undefined }],
    ['asks for fewer digits', { digits: 5 }],
  ])('the code that was sent is not right in one that %s', async (_, change) => {
    const { challengeId, code } = await start('recovery', 'a-recovery');
    await writeRecord((item) => {
      Object.assign(item.challenges[slot('recovery', 'a-recovery')], change);
    });
    expect((await verify(challengeId, code)).kind).not.toBe('verified');
  });

  test('a code by email is not worth one by SMS', async () => {
    const { challengeId, code } = await start();
    await writeRecord((item) => {
      item.challenges[slot()].delivery.method = 'SMS';
    });
    expect((await verify(challengeId, code)).kind).toBe('code-rejected');
  });

  test('one that is moved to another client is not verified there', async () => {
    const { challengeId, code } = await start();
    await start('sign-in', undefined, 'another').catch(() => undefined);
    await writeRecord((item) => {
      item.challenges[slot('sign-in', undefined, 'another')] = item.challenges[slot()];
    });
    await expect(verify(challengeId, code, newRequest(), 'another')).rejects.toBeInstanceOf(ForgedState);
  });

  test('what was verified is not verified again at another time or for another request', async () => {
    const { challengeId, code } = await start();
    const request = newRequest();
    expect((await verify(challengeId, code, request)).kind).toBe('verified');
    await writeRecord((item) => {
      item.challenges[slot()].requests = ['of-somebody-else'];
    });
    await expect(verify(challengeId, code, 'of-somebody-else')).rejects.toBeInstanceOf(ForgedState);
    await writeRecord((item) => {
      item.challenges[slot()].requests = [request];
      item.challenges[slot()].attempts[0].at += 60_000;
    });
    await expect(verify(challengeId, code, request)).rejects.toBeInstanceOf(ForgedState);
  });
});

describe('forged person', () => {
  test('an assertion names who is enrolled, and not what the record says in clear', async () => {
    const { challengeId, code } = await start();
    await writeRecord((item) => {
      item.userId = 'victim';
    });
    await expect(verify(challengeId, code)).rejects.toBeInstanceOf(ForgedState);
  });

  test('who is disabled stays so', async () => {
    userId = await enrolled(`disabled-${people}`, false);
    await writeRecord((item) => {
      item.enabled = true;
    });
    const { challengeId, code } = await start();
    await expect(verify(challengeId, code)).rejects.toBeInstanceOf(ForgedState);
  });
});

test('a state of a key that an instance does not know is not forged, and may be asked for again', async () => {
  const newer = stateKeysOf(
    new Map([
      [2, randomBytes(32)],
      [1, randomBytes(32)],
    ]),
  );
  const { challengeId, asked } = await ask();
  const asking = { challengeId, client, answers: rightAnswers(asked), request: newRequest() };
  await expect(checkAnswers(asking, { ...backend, stateKeys: newer })).rejects.toBeInstanceOf(ForgedState);
  const mac = newer.mac('questions', []);
  expect(() => backend.stateKeys.confirm('questions', [], mac)).toThrow(Unavailable);
});
