/** Recoveries over HTTP: what each path gives, what its history keeps, and every way that one can end. */
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { borrowStack, type Json, type Stack } from '../stack.ts';
import { ownName } from '../support/own-name.ts';
import { honestly, messagesTo, problemOf, put, until, userPath, wrong } from './people.ts';
import { enrolRecovering, type Recovering, recoverer, rightAnswers, wrongAnswers } from './recovering.ts';

let stack: Stack;
let api: ReturnType<typeof recoverer>;

beforeAll(async () => {
  stack = await borrowStack();
  api = recoverer(stack);
});
afterAll(() => stack.stop());

const closed = {
  status: 410,
  type: 'application/problem+json',
  code: 'challenge-closed',
  pointers: undefined,
};
const both = 'kba+otp-alternate-email';

async function backupCode({ userId }: Recovering): Promise<string> {
  return (await api.generate(userId, { kind: 'one-time' })).body.codes[0];
}

describe.each([
  { path: 'kba', steps: ['kba'], acr: 'kba', amr: ['kba'] },
  { path: 'otp-alternate-email', steps: ['Email'], acr: 'otp-email', amr: ['otp'] },
  {
    path: 'kba+otp-alternate-email',
    steps: ['kba', 'Email'],
    acr: 'kba+otp-email',
    amr: ['kba', 'otp'],
  },
  { path: 'backup-code', steps: ['backup-code'], acr: 'backup-code', amr: ['otp'] },
])('the path $path', ({ path, steps, acr, amr }) => {
  test('ends in an assertion that its steps did not give and that stays the same', async () => {
    const person = await enrolRecovering(stack);
    const code = path === 'backup-code' ? await backupCode(person) : undefined;
    const begun = await api.begin(person.userId, { path });
    const { recovery, answers } = await api.finish(begun, person, code);

    expect(answers.map(({ method }) => method)).toEqual(steps);
    for (const answer of answers) {
      expect(answer).toMatchObject({ verified: true, userId: person.userId, purpose: 'recovery' });
      expect(answer).not.toHaveProperty('assertion');
    }
    const { verification, ...rest } = recovery;
    expect(rest).toEqual({
      recoveryId: begun.recoveryId,
      stepNumber: steps.length,
      status: 'succeeded',
      expiresAt: begun.expiresAt,
    });
    const context = `urn:mfa-fallback:acr:${acr}`;
    expect(verification).toMatchObject({
      verified: true,
      userId: person.userId,
      purpose: 'recovery',
      method: path,
      acr: context,
      amr,
    });
    const keys = createRemoteJWKSet(new URL(`${stack.origin}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(verification.assertion, keys, {
      issuer: stack.origin,
      audience: 'credential-provider',
      typ: 'mfa-fallback+jwt',
    });
    expect(payload).toMatchObject({ sub: person.userId, purpose: 'recovery', acr: context, amr });
    expect(payload.aud).toBe('credential-provider');
    expect((payload.exp as number) - (payload.iat as number)).toBeLessThanOrEqual(120);

    const first = await api.read(begun.recoveryId);
    expect(first.body).toEqual(recovery);
    expect((await api.read(begun.recoveryId)).text).toBe(first.text);
    expect(problemOf(await api.read(begun.recoveryId, { client: 'web-login' }))).toEqual(closed);
  });

  test('tells every address of the person, the unused ones too, how to object', async () => {
    const person = await enrolRecovering(stack);
    const code = path === 'backup-code' ? await backupCode(person) : undefined;
    await api.finish(await api.begin(person.userId, { path }), person, code);
    for (const address of [person.phone, person.email, person.alternateEmail]) {
      const entries = await until(
        () => stack.outbox(address),
        (all) => all.some(({ body }) => body.includes('help@example.com')),
      );
      const notices = entries.filter(({ body }) => body.includes('help@example.com'));
      expect(new Set(notices.map(({ body }) => body)).size).toBeGreaterThan(0);
    }
  });

  test('leaves a history of ids: no answer, code, name or address', async () => {
    const person = await enrolRecovering(stack, { displayName: 'Perpetua Quillfeather' });
    const code = path === 'backup-code' ? await backupCode(person) : undefined;
    const { recoveryId, ...begun } = await api.begin(person.userId, { path });
    const { recovery } = await api.finish({ recoveryId, ...begun }, person, code);
    const history = await until(
      () => api.history(recoveryId),
      (text) => JSON.parse(text).status === 'SUCCEEDED',
    );
    const ids = { recoveryId, path };
    expect(JSON.parse(history)).toMatchObject({ name: recoveryId, input: ids, output: ids });
    const secrets = [
      ...Object.values(rightAnswers),
      ...Object.values(person),
      'Perpetua',
      'example',
      code ?? 'no code',
      (code ?? 'no code').replaceAll('-', ''),
      recovery.verification.assertion,
    ];
    expect(secrets.filter((secret) => history.toLowerCase().includes(secret.toLowerCase()))).toEqual([]);
  });
});

describe('choosing', () => {
  test('is asked where no path was named, and the first step of the path follows', async () => {
    const person = await enrolRecovering(stack);
    const begun = await api.begin(person.userId);
    const offered = ['kba', 'otp-alternate-email', 'kba+otp-alternate-email', 'backup-code'];
    expect(begun.step).toEqual({ type: 'choose', paths: offered });
    expect((await api.choose(begun.recoveryId, 'kba+otp-alternate-email')).status).toBe(200);
    const next = await api.past(begun.recoveryId, 'choose');
    const { recovery, answers } = await api.finish(next, person);
    expect(answers.map(({ method }) => method)).toEqual(['kba', 'Email']);
    expect([begun, next, recovery].map(({ stepNumber }) => stepNumber)).toEqual([1, 2, 3]);
    expect(recovery.verification.acr).toBe('urn:mfa-fallback:acr:kba+otp-email');
  });

  test('Retry-After says that the next step is on its way, and stepNumber that it came', async () => {
    const person = await enrolRecovering(stack);
    const both = await api.begin(person.userId, { path: 'kba+otp-alternate-email' });
    expect((await api.read(both.recoveryId)).headers.get('retry-after')).toBeNull();
    await api.check(both.step.challenge);
    for (;;) {
      const { body, headers } = await api.read(both.recoveryId);
      const isNext = body.stepNumber > both.stepNumber;
      expect(headers.get('retry-after')).toBe(isNext ? null : '1');
      expect(body.step?.type === 'otp').toBe(isNext);
      if (isNext) break;
    }
  });

  test('is followed by the first step of the path within a second, on a machine that has one to spare', async () => {
    const waits: number[] = [];
    while (waits.length < 10 && waits.every((wait) => wait >= 1_000)) {
      const { recoveryId } = await api.begin((await enrolRecovering(stack)).userId);
      const chosenAt = performance.now();
      await api.choose(recoveryId, 'kba');
      expect((await api.past(recoveryId, 'choose')).step.type).toBe('kba');
      waits.push(performance.now() - chosenAt);
    }
    expect(Math.min(...waits)).toBeLessThan(1_000);
  });

  test('happens once: the second answer finds it over', async () => {
    const person = await enrolRecovering(stack);
    const { recoveryId } = await api.begin(person.userId);
    expect((await api.choose(recoveryId, 'otp-alternate-email')).status).toBe(200);
    await api.past(recoveryId, 'choose');
    expect(problemOf(await api.choose(recoveryId, 'kba'))).toEqual(closed);
    expect((await api.read(recoveryId)).body.step.type).toBe('otp');
  });

  test('is answered as made when Step Functions took it and its reply was lost', async () => {
    const person = await enrolRecovering(stack);
    const { recoveryId } = await api.begin(person.userId);
    await stack.fault('states', 'lost-reply', 1);
    const answer = await api.choose(recoveryId, 'backup-code');
    await stack.clearFaults();
    expect(answer.status).toBe(200);
    expect(answer.body.step).toEqual({ type: 'backup-code' });
  });

  test('of thirty different choices at once takes one, whose step comes', async () => {
    const person = await enrolRecovering(stack);
    const { recoveryId } = await api.begin(person.userId);
    const paths = ['kba', 'otp-alternate-email', 'backup-code'];
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, place) =>
        honestly(() => api.choose(recoveryId, paths[place % 3], { key: `choice-${place}` })),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 410]));
    const events = JSON.parse(await api.history(recoveryId)).events as { type: string; state?: string }[];
    const entered = events.filter(({ type }) => type === 'TaskStateEntered').map(({ state }) => state);
    expect(entered).toHaveLength(2);
    expect(entered[0]).toBe('Choose');
  });

  test('refuses what is no path', async () => {
    const { recoveryId } = await api.begin((await enrolRecovering(stack)).userId);
    for (const path of ['sms', '', 7, undefined]) {
      expect(problemOf(await api.choose(recoveryId, path))).toMatchObject({
        status: 400,
        code: 'invalid-request',
        pointers: ['/path'],
      });
    }
  });
});

describe('a step that is opened again, because its task met a fault', () => {
  const comesAbout = (id: string, wanted: string) =>
    until(
      async () => JSON.parse(await api.history(id)).events as { type: string; state?: string }[],
      (events) => events.some(({ type, state }) => type === wanted && state === 'AskQuestions'),
    );

  /** The recovery of somebody who sees the questions, while their task was never told that the table has them. */
  async function begunWithFault(): Promise<Json> {
    const { recoveryId } = await api.begin((await enrolRecovering(stack)).userId);
    const afterChoice = { operation: 'PutItem', after: 1 };
    await stack.fault('dynamodb', 'lost-reply', 10_000, afterChoice);
    await api.choose(recoveryId, 'kba');
    const seen = await api.past(recoveryId, 'choose');
    await comesAbout(recoveryId, 'TaskFailed');
    await stack.clearFaults();
    return seen;
  }

  test('keeps the questions that the person sees, and takes the answers', async () => {
    const { recoveryId, step } = await begunWithFault();
    await comesAbout(recoveryId, 'TaskSubmitted');
    expect((await api.read(recoveryId)).body.step).toEqual(step);
    expect((await api.check(step.challenge)).status).toBe(200);
    expect(await api.past(recoveryId, 'kba')).toMatchObject({ status: 'succeeded' });
  });

  test('is moved on by right answers that came before', async () => {
    const { recoveryId, step } = await begunWithFault();
    await api.check(step.challenge); // perhaps told to come again: no task waits for it now
    expect(await api.past(recoveryId, 'kba')).toMatchObject({ status: 'succeeded' });
  });
});

describe('under one Idempotency-Key', () => {
  test('twenty starts at once are one recovery, one execution and one message', async () => {
    const person = await enrolRecovering(stack);
    const key = 'twenty-at-once';
    const starts = await Promise.all(
      Array.from({ length: 20 }, () =>
        api.startAnswer(person.userId, { path: 'otp-alternate-email' }, { key }),
      ),
    );
    expect(starts.map(({ status }) => status)).toEqual(Array(20).fill(201));
    const ids = new Set(starts.map(({ body }) => body.recoveryId));
    expect(ids.size).toBe(1);
    const [id = ''] = [...ids];
    await stack.received(person.alternateEmail);
    expect(await messagesTo(stack, person.alternateEmail)).toBe(1);
    const events = JSON.parse(await api.history(id)).events as { type: string }[];
    expect(events.filter(({ type }) => type === 'ExecutionStarted')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'TaskScheduled')).toHaveLength(1);
  });

  test('a start and a choice are answered byte for byte as the first time, whatever came after them', async () => {
    const person = await enrolRecovering(stack);
    const options = { key: 'from-the-start' };
    const begin = () => api.startAnswer(person.userId, {}, options);
    const first = await begin();
    expect(first.body).toMatchObject({ status: 'pending', step: { type: 'choose' } });
    const { recoveryId } = first.body;
    const choose = (path: string) => api.choose(recoveryId, path, { key: 'chosen' });
    const chosen = await choose(both);
    expect(chosen.body).toMatchObject({ status: 'pending', step: { type: 'kba' } });
    expect((await begin()).text).toBe(first.text);
    expect(problemOf(await choose('kba'))).toMatchObject({ status: 409, code: 'conflict' });
    await api.finish(chosen.body, person);
    for (const again of [await begin(), await begin()]) {
      expect(again.status).toBe(201);
      expect(again.text).toBe(first.text);
    }
    const rechosen = await choose(both);
    expect({ status: rechosen.status, text: rechosen.text }).toEqual({ status: 200, text: chosen.text });
    expect((await api.read(recoveryId)).body.status).toBe('succeeded');
  });

  test('twenty starts at once are answered byte for byte alike', async () => {
    const { userId } = await enrolRecovering(stack);
    const start = () => honestly(() => api.startAnswer(userId, { path: 'kba' }, { key: 'all-alike' }));
    const answers = await Promise.all(Array.from({ length: 20 }, start));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  test('another body is a conflict, and another client has a recovery of its own', async () => {
    const person = await enrolRecovering(stack);
    const options = { key: 'the-same' };
    const first = await api.startAnswer(person.userId, { path: 'kba' }, options);
    const other = await api.startAnswer(person.userId, { path: 'backup-code' }, options);
    expect(problemOf(other)).toMatchObject({ status: 409, code: 'conflict' });
    const elsewhere = await api.startAnswer(
      person.userId,
      { path: 'kba' },
      { ...options, client: 'web-login' },
    );
    expect(elsewhere.status).toBe(201);
    expect(elsewhere.body.recoveryId).not.toBe(first.body.recoveryId);
  });

  test('a right answer sent again is answered alike, while the next step waits and after the end', async () => {
    const person = await enrolRecovering(stack);
    const { recoveryId, step } = await api.begin(person.userId, { path: 'kba+otp-alternate-email' });
    const answered = await api.check(step.challenge, rightAnswers, { key: 'answered' });
    expect(answered.status).toBe(200);
    expect((await api.check(step.challenge, rightAnswers, { key: 'answered' })).text).toBe(answered.text);
    const asked = await api.past(recoveryId, 'kba');
    expect((await api.check(step.challenge, rightAnswers, { key: 'answered' })).text).toBe(answered.text);
    const { challengeId } = asked.step.challenge;
    const code = await api.alternateCode(person);
    const verified = await api.verify(challengeId, code, { key: 'verified' });
    expect(verified.status).toBe(200);
    expect((await api.verify(challengeId, code, { key: 'verified' })).text).toBe(verified.text);
    expect((await api.past(recoveryId, 'otp')).status).toBe('succeeded');
    expect((await api.verify(challengeId, code, { key: 'verified' })).text).toBe(verified.text);
    expect(problemOf(await api.verify(challengeId, code))).toEqual(closed);
  });

  test('a backup code sent again is answered alike and uses nothing more', async () => {
    const person = await enrolRecovering(stack);
    const { codes } = (await api.generate(person.userId, { kind: 'static', count: 3 })).body;
    const { recoveryId } = await api.begin(person.userId, { path: 'backup-code' });
    const use = (code: string, key: string) => api.useBackupCode({ recoveryId, code }, { key });
    const used = await use(codes[0], 'used');
    expect(used.status).toBe(200);
    expect((await api.past(recoveryId, 'backup-code')).status).toBe('succeeded');
    expect((await use(codes[0], 'used')).text).toBe(used.text);
    expect(problemOf(await use(codes[1], 'another'))).toEqual(closed);
    expect((await api.countCodes(person.userId)).body.static).toMatchObject({ total: 3, remaining: 2 });
  });
});

describe('starting', () => {
  test('is slowed down for each name and client: ten in an hour, whether or not the name exists', async () => {
    const { userId } = await enrolRecovering(stack);
    const path = 'backup-code';
    for (const name of [userId, ownName('nobody-starts')]) {
      const first = await honestly(() => api.startAnswer(name, { path }, { key: 'first' }));
      expect((await api.startAnswer(name, { path }, { key: 'first' })).status).toBe(201); // and is none of the ten
      for (let started = 2; started <= 10; started += 1) {
        const again = await honestly(() => api.startAnswer(name, { path }, { key: `start-${started}` }));
        expect(again.status).toBe(201);
      }
      const replayed = await honestly(() => api.startAnswer(name, { path }, { key: 'first' }));
      expect(replayed.body.recoveryId).toBe(first.body.recoveryId);
      const more = await api.startAnswer(name.toUpperCase(), { path });
      expect(problemOf(more)).toMatchObject({ status: 429, code: 'rate-limited' });
      const wait = Number(more.headers.get('retry-after'));
      expect(wait).toBeGreaterThan(3_500);
      expect(wait).toBeLessThanOrEqual(3_600);
      expect((await api.startAnswer(name, { path }, { key: 'first' })).status).toBe(201);
      expect((await api.startAnswer(name, { path }, { key: 'eleventh' })).status).toBe(429);
      expect((await api.startAnswer(name, { path }, { client: 'web-login' })).status).toBe(201);
      expect((await api.read(first.body.recoveryId)).body.status).toBe('pending');
    }
    await stack.advance(3_600);
    expect((await api.startAnswer(userId, { path })).status).toBe(201);
  });
});

describe('ends', () => {
  test.each([
    ['a quarter of an hour after its start', [{}, { path: 'backup-code' }], 890],
    ['when its questions can no longer be answered', [{ path: 'kba' }], 600],
    ['when its code can no longer be typed', [{ path: 'otp-alternate-email' }], 300],
  ])('timed-out %s', async (_, starts, seconds) => {
    const waiting = await Promise.all(
      starts.map(async (more) => api.begin((await enrolRecovering(stack)).userId, more)),
    );
    await stack.advance(seconds);
    for (const { recoveryId } of waiting) expect((await api.read(recoveryId)).body.status).toBe('pending');
    await stack.advance(31);
    for (const { recoveryId, expiresAt } of waiting) {
      const body = await until(
        async () => (await api.read(recoveryId)).body,
        ({ status }) => status !== 'pending',
      );
      expect(body).toEqual({ recoveryId, stepNumber: 1, status: 'timed-out', expiresAt });
      await until(
        async () => JSON.parse(await api.history(recoveryId)),
        ({ status, error }) => status === 'FAILED' && error === 'RecoveryTimedOut',
      );
    }
  });

  test.each([
    { path: 'kba', tries: 3 },
    { path: 'otp-alternate-email', tries: 5 },
    { path: 'backup-code', tries: 10 },
  ])('failed when the tries of $path are spent', async ({ path, tries }) => {
    const person = await enrolRecovering(stack);
    const { recoveryId, step } = await api.begin(person.userId, { path });
    const code = path === 'otp-alternate-email' ? await api.alternateCode(person) : '';
    const left: number[] = [];
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      const answer =
        path === 'kba'
          ? await api.check(step.challenge, wrongAnswers)
          : path === 'backup-code'
            ? await api.useBackupCode({ recoveryId, code: '0000-0000-0000-0000' })
            : await api.verify(step.challenge.challengeId, wrong(code, attempt));
      expect(problemOf(answer)).toMatchObject({ status: 422, code: 'code-rejected' });
      left.push(answer.body.attemptsRemaining);
    }
    expect(left).toEqual(Array.from({ length: tries }, (_, place) => tries - 1 - place));
    const ended = await api.past(recoveryId, step.type);
    expect(ended).toMatchObject({ recoveryId, status: 'failed' });
    expect(ended).not.toHaveProperty('step');
    expect(ended).not.toHaveProperty('verification');
  });
});

test('the tries of questions that were spent before end it with the first answer', async () => {
  const person = await enrolRecovering(stack);
  const { body } = await api.askQuestions(person.userId);
  for (let attempt = 1; attempt <= 3; attempt += 1) await api.check(body, wrongAnswers);
  await stack.advance(30); // in which a try may yet turn out right
  const { recoveryId, step } = await api.begin(person.userId, { path: 'kba' });
  expect(problemOf(await api.check(step.challenge))).toMatchObject({
    status: 429,
    code: 'attempts-exhausted',
  });
  expect((await api.past(recoveryId, 'kba')).status).toBe('failed');
  await api.call(
    'POST',
    `${userPath(person.userId)}/unlock`,
    { operator: 'olga', reason: 'back at work' },
    { client: 'helpdesk' },
  );
  const { recovery } = await api.finish(await api.begin(person.userId, { path: 'kba' }), person);
  expect(recovery.status).toBe('succeeded');
});

test('another spelling of the name, or its removal, does not change what was asserted', async () => {
  const person = await enrolRecovering(stack);
  const { recovery } = await api.finish(
    await api.begin(person.userId.toUpperCase(), { path: 'kba' }),
    person,
  );
  expect(recovery.verification.userId).toBe(person.userId);
  const { userId, phone, email, alternateEmail } = person;
  const respelled = await put(stack, userId.toUpperCase(), { phone, email, alternateEmail });
  expect(respelled.body.userId).toBe(userId);
  expect((await api.read(recovery.recoveryId)).body).toEqual(recovery);
  await api.call('DELETE', userPath(userId), undefined, { client: 'admin' });
  expect((await api.read(recovery.recoveryId)).body).toEqual(recovery);
});

test('who is disabled before the end does not recover', async () => {
  const person = await enrolRecovering(stack);
  const { recoveryId, step } = await api.begin(person.userId, { path: 'kba+otp-alternate-email' });
  expect((await api.check(step.challenge)).status).toBe(200);
  const { step: next } = await api.past(recoveryId, 'kba');
  const code = await api.alternateCode(person);
  const { userId, phone, email, alternateEmail } = person;
  await put(stack, userId, { phone, email, alternateEmail, enabled: false });
  expect((await api.verify(next.challenge.challengeId, code)).status).toBe(422);
  expect((await api.read(recoveryId)).body).toMatchObject({ status: 'pending', step: { type: 'otp' } });
});

test('a recovery that nobody started answers as a foreign one', async () => {
  const { recoveryId } = await api.begin((await enrolRecovering(stack)).userId);
  const unknown = recoveryId.split('').toReversed().join('');
  for (const id of [unknown, 'short', 'a'.repeat(200), 'a'.repeat(4_000)]) {
    expect(problemOf(await api.read(id))).toEqual(closed);
    expect(problemOf(await api.choose(id, 'kba'))).toEqual(closed);
    expect(problemOf(await api.choose(id, 'kba', { key: 'chosen' }))).toEqual(closed);
  }
  const foreign = { client: 'web-login' } as const;
  expect(problemOf(await api.read(recoveryId, foreign))).toEqual(closed);
  expect(problemOf(await api.choose(recoveryId, 'kba', foreign))).toEqual(closed);
  expect(problemOf(await api.read(recoveryId, { client: 'helpdesk' }))).toMatchObject({ status: 403 });
});

describe('somebody who does not exist, is disabled or has enrolled nothing', () => {
  const shape = (value: unknown): unknown =>
    value !== null && typeof value === 'object'
      ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shape(inner)]))
      : typeof value;
  /** Statuses and shapes of everything that a stranger gets to see who guesses all the way. */
  async function walk(userId: string, path: string) {
    const begun = await api.begin(userId, { path });
    const { recoveryId, step } = begun;
    const seen: unknown[] = [shape(begun)];
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const answer =
        path === 'kba'
          ? await api.check(step.challenge, wrongAnswers)
          : path === 'backup-code'
            ? await api.useBackupCode({ recoveryId, code: 'ZZZZ-ZZZZ-ZZZZ-ZZZZ' })
            : await api.verify(step.challenge.challengeId, String(attempt).repeat(6));
      const { expiresAt: _, ...rest } = answer.body;
      seen.push([answer.status, rest, [...answer.headers.keys()].toSorted()]);
    }
    await until(
      async () => (await api.read(recoveryId)).body,
      ({ status }) => path === 'backup-code' || status !== 'pending',
    );
    return { seen, end: shape((await api.read(recoveryId)).body), type: begun.step.type };
  }

  test.each(['kba', 'otp-alternate-email', 'backup-code'])(
    'sees what everybody sees on the path %s',
    async (path) => {
      const known = await walk((await enrolRecovering(stack)).userId, path);
      const nobody = await walk(ownName(`nobody-${path}`), path);
      const disabled = await enrolRecovering(stack);
      await put(stack, disabled.userId, { email: disabled.email, enabled: false });
      const bare = await enrolRecovering(stack, {
        alternateEmail: undefined,
        securityQuestions: undefined,
      });
      expect(nobody).toEqual(known);
      expect(await walk(disabled.userId, path)).toEqual(known);
      expect(await walk(bare.userId, path)).toEqual(known);
    },
  );
});
