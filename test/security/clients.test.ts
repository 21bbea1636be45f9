/** What a client can do that keeps to the routes and not to the rules: ids, keys and cursors that are not its own. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { caller, codeSentTo, enrol, messagesTo, problemOf, put, until, userPath } from '../e2e/people.ts';
import { enrolRecovering, recoverer, rightAnswers } from '../e2e/recovering.ts';
import { borrowStack, type Json, type Stack, type StackAnswer } from '../stack.ts';

let stack: Stack;
let api: ReturnType<typeof recoverer>;
beforeAll(async () => {
  stack = await borrowStack();
  api = recoverer(stack);
});
afterAll(() => stack.stop());

const closed = { status: 410, code: 'challenge-closed' };
const invalid = { status: 400, code: 'invalid-request' };
const other = { client: 'web-login' } as const;

/** Every route that takes the id of a challenge, with a code or answers that fit its schema. */
const tried = async (id: string, code = '000000'): Promise<StackAnswer[]> => [
  await api.verify(id, code),
  await api.status(id),
  await api.resend(id),
  await api.check({ challengeId: id, questions: [{ questionId: 'first-film' }] }),
];

async function startedFor(options: { readonly client?: 'web-login' } = {}) {
  const person = await enrol(stack);
  const { body } = await api.start(person.userId, { method: 'SMS' }, options);
  return { person, challengeId: body.challengeId as string, code: await codeSentTo(stack, person.phone) };
}

describe('code of one client used by another', () => {
  test('one person, two clients, two codes: neither is good at the other’s challenge', async () => {
    const { person, challengeId, code } = await startedFor();
    const second = await api.start(person.userId, { method: 'SMS' }, other);
    const secondCode = await codeSentTo(stack, person.phone, 2);
    expect(secondCode === code).toBe(false);
    expect(problemOf(await api.verify(challengeId, secondCode))).toMatchObject({ code: 'code-rejected' });
    expect(problemOf(await api.verify(second.body.challengeId, code, other))).toMatchObject({ status: 422 });
    expect((await api.verify(challengeId, code)).status).toBe(200);
    expect((await api.verify(second.body.challengeId, secondCode, other)).status).toBe(200);
  });
});

describe('id of the wrong kind', () => {
  test('security questions are no code challenge, a code challenge no questions, a recovery neither', async () => {
    const person = await enrolRecovering(stack);
    const questions = (await api.askQuestions(person.userId)).body;
    const started = (await api.start(person.userId, { method: 'SMS' })).body;
    const { recoveryId } = await api.begin(person.userId, { path: 'backup-code' });
    const answers = [
      await api.verify(questions.challengeId, '000000'),
      await api.status(questions.challengeId),
      await api.resend(questions.challengeId),
      await api.check({ ...questions, challengeId: started.challengeId }),
      ...(await tried(recoveryId)),
      await api.read(started.challengeId),
      await api.choose(questions.challengeId, 'kba'),
      await api.useBackupCode({ recoveryId: started.challengeId, code: '0000-0000-0000-0000' }),
    ];
    for (const answer of answers) expect(problemOf(answer)).toMatchObject(closed);
    expect((await api.status(started.challengeId)).body.attemptsRemaining).toBe(5);
    expect((await api.check(questions)).status).toBe(200);
  });
});

describe('tampered challenge id', () => {
  test('with any byte changed it is nobody’s, and records no attempt of the person whose it was', async () => {
    const { person, challengeId, code } = await startedFor();
    const bytes = Buffer.from(challengeId, 'base64url');
    const unknown = (await api.status('A'.repeat(challengeId.length))).text;
    for (const place of [0, 1, 8, 16, 17, 24, 32]) {
      const turned = Buffer.from(bytes);
      turned[place] = (turned[place] as number) ^ 1;
      for (const answer of await tried(turned.toString('base64url'), code)) {
        expect(answer.text).toBe(unknown);
      }
    }
    for (const spelled of [
      `${challengeId}=`,
      `${challengeId}A`,
      challengeId.slice(0, -1),
      ` ${challengeId}`,
    ]) {
      expect(problemOf(await api.verify(encodeURIComponent(spelled), code))).toMatchObject(closed);
    }
    expect((await api.status(challengeId)).body.attemptsRemaining).toBe(5);
    const seen = await api.call('GET', userPath(person.userId), undefined, { client: 'helpdesk' });
    expect(seen.body.lock).toEqual({ kind: 'none' });
    expect((await api.verify(challengeId, code)).status).toBe(200);
  });
});

describe('IDOR', () => {
  test('what another client holds answers byte for byte as what does not exist', async () => {
    const { challengeId, code } = await startedFor();
    const unknown = (await api.status('A'.repeat(challengeId.length), other)).text;
    const foreign = [
      await api.verify(challengeId, code, other),
      await api.status(challengeId, other),
      await api.resend(challengeId, {}, other),
    ];
    expect(foreign.map(({ text }) => text)).toEqual(Array(3).fill(unknown));
  });

  test('the help desk can neither list, enrol, change nor remove, and reads no address', async () => {
    const person = await enrol(stack);
    const helpdesk = { client: 'helpdesk' } as const;
    const path = userPath(person.userId);
    for (const answer of [
      await api.call('GET', '/v1/users', undefined, helpdesk),
      await api.call('PUT', path, { email: 'thief@example.org' }, helpdesk),
      await api.call('DELETE', path, undefined, helpdesk),
    ]) {
      expect(problemOf(answer)).toMatchObject({ status: 403, code: 'forbidden' });
    }
    const { text } = await api.call('GET', path, undefined, helpdesk);
    expect(text.includes(person.phone) || text.includes(person.email)).toBe(false);
  });
});

describe('answer by another user’s challenge', () => {
  test('a recovery is moved by its own questions alone, though another person’s were answered rightly', async () => {
    const [victim, thief] = [await enrolRecovering(stack), await enrolRecovering(stack)];
    const theirs = await api.begin(victim.userId, { path: 'kba' });
    const own = await api.begin(thief.userId, { path: 'kba' });
    expect((await api.check(own.step.challenge)).status).toBe(200);
    expect((await api.past(own.recoveryId, 'kba')).verification.userId).toBe(thief.userId);
    expect((await api.read(theirs.recoveryId)).body).toMatchObject({
      status: 'pending',
      step: { type: 'kba' },
    });
  });

  test('a backup code of one person finishes no recovery of another', async () => {
    const [victim, thief] = [await enrolRecovering(stack), await enrolRecovering(stack)];
    const [code] = (await api.generate(thief.userId, { kind: 'one-time' })).body.codes;
    const { recoveryId } = await api.begin(victim.userId, { path: 'backup-code' });
    expect(problemOf(await api.useBackupCode({ recoveryId, code }))).toMatchObject({ status: 422 });
    expect((await api.useBackupCode({ userId: thief.userId, code })).body.userId).toBe(thief.userId);
  });
});

describe('Idempotency-Key taken over', () => {
  const key = 'guessed-key';

  test('by another client or for another user it names another request', async () => {
    const [one, two] = [await enrol(stack), await enrol(stack)];
    const first = await api.start(one.userId, { method: 'SMS' }, { key });
    const ids = [
      first,
      await api.start(one.userId, { method: 'SMS' }, { key, ...other }),
      await api.start(two.userId, { method: 'SMS' }, { key }),
    ].map(({ body }) => body.challengeId);
    expect(new Set(ids).size).toBe(3);
  });

  test('repeats no verification to another client, nor to a challenge of another person', async () => {
    const { challengeId, code } = await startedFor();
    const next = await startedFor();
    expect((await api.verify(challengeId, code, { key })).status).toBe(200);
    expect(problemOf(await api.verify(challengeId, code, { key, ...other }))).toMatchObject(closed);
    expect(problemOf(await api.verify(next.challengeId, code, { key }))).toMatchObject({ status: 422 });
  });

  test('shows no backup codes again, to whoever knows the key', async () => {
    const person = await enrol(stack);
    const made = await api.generate(person.userId, { kind: 'static' }, { key });
    for (const client of ['helpdesk', 'admin'] as const) {
      const again = await api.generate(person.userId, { kind: 'static' }, { key, client });
      for (const code of made.body.codes) expect(again.text.includes(code)).toBe(false);
    }
  });
});

describe('cursor tampering', () => {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const list = (cursor: string) =>
    api.call('GET', `/v1/users?limit=100&cursor=${encodeURIComponent(cursor)}`, undefined, {
      client: 'admin',
    });

  test.each([
    ['of another kind of item', encode(['recovery#a', 'alice'])],
    ['of a counter', encode(['destination#a', 'alice'])],
    ['that is an object', encode({ pk: 'user#a', userId: 'alice' })],
    ['of numbers', encode([1, 2])],
    ['of nested lists', encode([['user#a'], ['alice']])],
    ['of half a list', encode(['user#a'])],
    ['that is no JSON', 'A'.repeat(40)],
    ['of an operator', encode([{ $ne: '' }, { $ne: '' }])],
  ])('a cursor %s is refused', async (_, cursor) => {
    expect(problemOf(await list(cursor))).toMatchObject(invalid);
  });

  test('a cursor that was made up goes on in the list of people, and shows no more of them', async () => {
    await enrol(stack);
    const { status, body } = await list(encode(['user#AAAAAAAAAAAAAAAAAAAAAA', '+']));
    expect(status).toBe(200);
    expect(body.users.length).toBeGreaterThan(0);
    const fields = new Set(body.users.flatMap((user: object) => Object.keys(user)));
    expect([...fields].filter((field) => !shown.includes(field as string))).toEqual([]);
  });

  const shown = ['userId', 'displayName', 'enabled', 'methods', 'reference'];
});

describe('mass assignment', () => {
  const wishes: Readonly<Record<string, unknown>> = {
    role: 'admin',
    attempts: 0,
    verified: true,
    tenantId: 'other',
    expiresAt: '2099-01-01T00:00:00Z',
    client: 'web-login',
    purpose: 'recovery',
    isDeliverable: true,
    locator: 'A'.repeat(22),
    acr: 'urn:mfa-fallback:acr:kba',
  };

  test('no route takes a property that its schema does not have, and nothing changes', async () => {
    const person = await enrolRecovering(stack);
    const { challengeId } = (await api.start(person.userId, { method: 'SMS' })).body;
    const questions = (await api.askQuestions(person.userId)).body;
    const { recoveryId } = await api.begin(person.userId);
    const { userId } = person;
    const bodies: readonly (readonly [string, string, Json, 'admin' | 'helpdesk' | 'credential-provider'])[] =
      [
        ['POST', '/v1/otp-challenges', { userId }, 'credential-provider'],
        ['POST', `/v1/otp-challenges/${challengeId}/resend`, {}, 'credential-provider'],
        ['POST', `/v1/otp-challenges/${challengeId}/verify`, { code: '000000' }, 'credential-provider'],
        ['POST', '/v1/kba-challenges', { userId }, 'credential-provider'],
        [
          'POST',
          `/v1/kba-challenges/${questions.challengeId}/check`,
          { answers: [{ questionId: 'first-film', answer: 'x' }] },
          'credential-provider',
        ],
        ['POST', '/v1/backup-codes/verify', { userId, code: '0000-0000-0000-0000' }, 'credential-provider'],
        ['POST', '/v1/recoveries', { userId }, 'credential-provider'],
        ['POST', `/v1/recoveries/${recoveryId}/path`, { path: 'kba' }, 'credential-provider'],
        [
          'POST',
          `${userPath(userId)}/backup-codes`,
          { kind: 'static', reason: 'lost the phone' },
          'helpdesk',
        ],
        ['PUT', userPath(userId), { email: person.email }, 'admin'],
      ];
    const before = await api.call('GET', userPath(userId), undefined, { client: 'admin' });
    for (const [method, path, body, client] of bodies) {
      const answer = await api.call(method, path, { ...body, ...wishes }, { client });
      const { pointers, ...problem } = problemOf(answer);
      expect({ path, ...problem }).toMatchObject({ path, ...invalid });
      expect(pointers.toSorted()).toEqual(
        Object.keys(wishes)
          .map((name) => `/${name}`)
          .toSorted(),
      );
    }
    expect((await api.status(challengeId)).body).toMatchObject({ attemptsRemaining: 5, status: 'pending' });
    expect((await api.read(recoveryId)).body.step.type).toBe('choose');
    expect((await api.countCodes(userId)).body.static.total).toBe(0);
    const after = await api.call('GET', userPath(userId), undefined, { client: 'admin' });
    expect(after.text === before.text).toBe(true);
  });

  test('an answer cannot bring a property of its own either', async () => {
    const { userId } = await enrolRecovering(stack);
    const { challengeId, questions } = (await api.askQuestions(userId)).body;
    const answers = questions.map(({ questionId }: Json) => ({ questionId, answer: 'x', right: true }));
    const answer = await api.call('POST', `/v1/kba-challenges/${challengeId}/check`, { answers });
    expect(problemOf(answer)).toMatchObject(invalid);
  });
});

describe('task token disclosed', () => {
  test('no answer about a recovery, at any of its steps, holds what resumes the workflow', async () => {
    const names = new Set<string>();
    const collect = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [name, inner] of Object.entries(value)) {
        if (!Array.isArray(value)) names.add(name);
        collect(inner);
      }
    };
    const person = await enrolRecovering(stack);
    for (const more of [{}, { path: 'kba' }, { path: 'otp-alternate-email' }, { path: 'backup-code' }]) {
      collect(await api.begin(person.userId, more));
    }
    expect([...names].filter((name) => /token|execution|arn|revision|client/i.test(name))).toEqual([]);
    expect(names).toContain('recoveryId');
  });
});

describe('disabled user finishing', () => {
  test('somebody who is disabled or removed in the middle of a recovery does not finish it', async () => {
    for (const end of ['disable', 'remove'] as const) {
      const person = await enrolRecovering(stack);
      const { recoveryId, step } = await api.begin(person.userId, { path: 'kba+otp-alternate-email' });
      expect((await api.check(step.challenge, rightAnswers)).status).toBe(200);
      const asked = await api.past(recoveryId, 'kba');
      const code = await api.alternateCode(person);
      const { email, phone, alternateEmail } = person;
      if (end === 'disable')
        await put(stack, person.userId, { email, phone, alternateEmail, enabled: false });
      else await api.call('DELETE', userPath(person.userId), undefined, { client: 'admin' });
      expect((await api.verify(asked.step.challenge.challengeId, code)).status).toBeGreaterThan(400);
      expect((await api.read(recoveryId)).body).not.toHaveProperty('verification');
    }
  });

  test('a code to an alternate address that was changed meanwhile is of no use', async () => {
    const person = await enrolRecovering(stack);
    const { recoveryId, step } = await api.begin(person.userId, { path: 'otp-alternate-email' });
    const code = await api.alternateCode(person);
    const { email, phone } = person;
    await put(stack, person.userId, { email, phone, alternateEmail: `new-${process.pid}@alternate.example` });
    expect(problemOf(await api.verify(step.challenge.challengeId, code))).toMatchObject(closed);
    expect((await api.read(recoveryId)).body.status).not.toBe('succeeded');
  });
});

describe('address disclosed to a client', () => {
  test('who only signs people in learns of no address: answers show masks, whoever is asked for', async () => {
    const person = await enrol(stack);
    const seen = [await api.start(person.userId), await api.askQuestions(person.userId)];
    await until(
      () => messagesTo(stack, person.phone),
      (messages) => messages === 1,
    );
    const [sms] = await stack.outbox(person.phone);
    for (const { text } of seen) {
      for (const secret of [person.phone, person.email, sms?.body ?? '?'])
        expect(text.includes(secret)).toBe(false);
    }
    expect((await caller(stack).call('GET', userPath(person.userId), undefined)).status).toBe(403);
  });
});
