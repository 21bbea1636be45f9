/** Security questions: one verdict for all answers, a budget of their own, and nothing told to strangers. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { askQuestions } from '../../shared/domain/kba/ask-questions.ts';
import { catalogue } from '../../shared/domain/kba/catalogue.ts';
import { type CheckOutcome, checkAnswers } from '../../shared/domain/kba/check-answers.ts';
import { enrolQuestion } from '../../shared/domain/kba/enrolled-questions.ts';
import { countingHashes } from '../support/hashes.ts';
import { type Backend, backendOn, enrolSomebody } from '../support/person.ts';
import { startTable } from '../support/table.ts';

const table = await startTable();
afterAll(() => table.close());

let backend: Backend;
let requests = 0;
beforeEach(() => {
  backend = backendOn(table);
});

const answers: Readonly<Record<string, string>> = {
  'first-teacher': 'Wollstonecraft',
  'childhood-street': 'Heron Gate',
  'first-film': 'The Lighthouse Cat',
  'first-car': 'Moskvitch 412',
};
const client = 'web-login';

async function somebody(): Promise<string> {
  const userId = await enrolSomebody(backend);
  const questions = await Promise.all(
    Object.entries(answers).map(([questionId, answer]) =>
      enrolQuestion({ questionId, answer }, backend.keyring),
    ),
  );
  await enrolUser({ userId, email: `${userId}@example.com` }, true, backend, questions);
  return userId;
}

async function ask(userId: string, by = client) {
  const outcome = await askQuestions(
    { person: await backend.person(userId), client: by, purpose: 'sign-in' },
    backend,
  );
  if (outcome.kind !== 'questions') throw new Error(outcome.kind);
  return {
    challengeId: outcome.view.challengeId,
    ids: outcome.questions.map(({ questionId }) => questionId),
  };
}

type Asked = Awaited<ReturnType<typeof ask>>;

function check(
  asked: Asked,
  change: Readonly<Record<string, string>> = {},
  request?: string,
): Promise<CheckOutcome> {
  requests += 1;
  const given = asked.ids.map((questionId) => ({
    questionId,
    answer: change[questionId] ?? answers[questionId] ?? 'x',
  }));
  return checkAnswers(
    { challengeId: asked.challengeId, client, answers: given, request: request ?? `r-${requests}` },
    backend,
  );
}

test('replay after success: of ten requests at once with right answers, one succeeds', async () => {
  const asked = await ask(await somebody());
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => check(asked)));
  expect(outcomes.filter(({ kind }) => kind === 'verified')).toHaveLength(1);
});

test('parallel brute force of answers: of ten requests at once, three are judged', async () => {
  const asked = await ask(await somebody());
  const [first = ''] = asked.ids;
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, (_, i) => check(asked, { [first]: `guess ${i}` })),
  );
  expect(outcomes.filter(({ kind }) => kind === 'rejected')).toHaveLength(3);
  expect((await check(asked)).kind).toBe('attempts-exhausted');
});

test('restarting the questions to reset tries: three a day are all there are, over clients and challenges', async () => {
  const userId = await somebody();
  for (const remaining of [2, 1, 0]) {
    const asked = await ask(userId);
    expect(await check(asked, { [asked.ids[0] as string]: 'wrong' })).toMatchObject({
      attemptsRemaining: remaining,
    });
  }
  const asked = await ask(userId);
  expect(await check(asked)).toMatchObject({ kind: 'attempts-exhausted', retryAt: expect.any(Number) });
  backend.advance(86_400);
  expect((await check(await ask(userId))).kind).toBe('verified');
});

test('shopping for questions: the same ones are asked until they were answered', async () => {
  const userId = await somebody();
  const first = await ask(userId);
  await check(first, { [first.ids[0] as string]: 'wrong' });
  expect((await ask(userId)).ids).toEqual(first.ids);
  expect((await ask(userId, 'another-client')).ids).toEqual(first.ids);
  const rounds = new Set<string>();
  for (let round = 1; round <= 8; round += 1) {
    const asked = await ask(userId);
    rounds.add(asked.ids.join());
    expect((await check(asked)).kind).toBe('verified');
  }
  expect(rounds.size).toBeGreaterThan(1);
});

test('a name without questions has questions of its own, the same every time, that nothing answers', async () => {
  const names = ['nobody-asked', await enrolSomebody(backend)];
  for (const userId of names) {
    const asked = await ask(userId);
    expect(asked.ids).toHaveLength(3);
    expect((await ask(userId)).ids).toEqual(asked.ids);
    expect((await check(await ask(userId))).kind).toBe('rejected');
  }
});

test('once questions are retired, names without any are asked old or new ones, never both, and some keep theirs', async () => {
  const current = ['first-desk', 'first-badge', 'first-mentor', 'first-lunch'];
  const renewed = { ...backend, questionIds: { current, retired: catalogue } };
  const isOld = (id: string) => (catalogue as readonly string[]).includes(id);
  let old = 0;
  for (let place = 0; place < 60; place += 1) {
    const request = { person: await backend.person(`nobody-${place}`), client, purpose: 'sign-in' } as const;
    const before = await askQuestions(request, backend);
    const again = { ...request, person: await backend.person(`nobody-${place}`) };
    const after = await askQuestions(again, renewed);
    if (before.kind !== 'questions' || after.kind !== 'questions') throw new Error('nothing was asked');
    expect(new Set(after.view.asked.map(isOld)).size).toBe(1);
    if (!after.view.asked.every(isOld)) continue;
    old += 1;
    expect(after.view.asked).toEqual(before.view.asked);
  }
  expect(old).toBeGreaterThan(8); // of 60, by a coin: fewer come once in a thousand million runs
  expect(old).toBeLessThan(52);
});

test('fewer, extra and repeated answers: each counts as a wrong try', async () => {
  const asked = await ask(await somebody());
  const given = (ids: readonly string[]) =>
    ids.map((questionId) => ({ questionId, answer: answers[questionId] as string }));
  const [one, two, three] = asked.ids as [string, string, string];
  for (const ids of [
    [one, two],
    [one, two, three, one],
    [one, one, one],
  ]) {
    requests += 1;
    const outcome = await checkAnswers(
      { challengeId: asked.challengeId, client, answers: given(ids), request: `r-${requests}` },
      backend,
    );
    expect(outcome.kind).toBe('rejected');
  }
});

test('a request sent again is answered alike and records no attempt', async () => {
  const asked = await ask(await somebody());
  const [first = ''] = asked.ids;
  const rejected = await check(asked, { [first]: 'wrong' }, 'again');
  expect(await check(asked, { [first]: 'wrong' }, 'again')).toEqual(rejected);
  expect((await check(asked, {}, 'again')).kind).toBe('conflict');
  const verified = await check(asked, {}, 'right');
  expect(verified.kind).toBe('verified');
  expect(await check(asked, {}, 'right')).toEqual(verified);
});

test('what was verified stays so for its request, also when the person was given other questions since', async () => {
  const userId = await somebody();
  const asked = await ask(userId);
  const verified = await check(asked, {}, 'verified');
  expect(verified.kind).toBe('verified');
  const questions = await Promise.all(
    asked.ids.map((questionId) => enrolQuestion({ questionId, answer: 'Another Answer' }, backend.keyring)),
  );
  await enrolUser({ userId, email: `${userId}@example.com` }, true, backend, questions);
  expect(await check(asked, {}, 'verified')).toEqual(verified);
  expect((await check(asked)).kind).toBe('challenge-closed');
  expect((await check(await ask(userId))).kind).toBe('rejected');
});

/** Runs once, between the spend of a try and the write that decides on it. */
function meanwhile(run: () => Promise<unknown>): Backend {
  let hasRun = false;
  const users: Backend['users'] = {
    ...backend.users,
    async write(...records) {
      if (!hasRun) {
        hasRun = true;
        await run();
      }
      return backend.users.write(...records);
    },
  };
  return { ...backend, users };
}

test('questions that are replaced while the old ones are answered do not come back', async () => {
  const userId = await somebody();
  const asked = await ask(userId);
  const replace = async () => {
    const questions = await Promise.all(
      asked.ids.map((questionId) => enrolQuestion({ questionId, answer: 'Another Answer' }, backend.keyring)),
    );
    await enrolUser({ userId, email: `${userId}@example.com` }, true, backend, questions);
  };
  const given = asked.ids.map((questionId) => ({ questionId, answer: answers[questionId] as string }));
  const request = { challengeId: asked.challengeId, client, answers: given, request: 'old' };
  expect((await checkAnswers(request, meanwhile(replace))).kind).toBe('verified');
  const next = await ask(userId);
  expect((await check(next)).kind).toBe('rejected');
  const replaced = Object.fromEntries(asked.ids.map((id) => [id, 'Another Answer']));
  expect((await check(next, replaced)).kind).toBe('verified');
});

test('the tries of a day end a recovery once the last of them was judged, and not while it may be right', async () => {
  const userId = await somebody();
  const inRecovery = async (recovery: string) => {
    const outcome = await askQuestions(
      { person: await backend.person(userId), client, purpose: 'recovery', recovery },
      backend,
    );
    if (outcome.kind !== 'questions') throw new Error(outcome.kind);
    return outcome;
  };
  const asked = await inRecovery('first');
  const ids = asked.questions.map(({ questionId }) => questionId);
  const { challengeId } = asked.view;
  const wrong = await ask(userId);
  for (let spent = 1; spent <= 2; spent += 1) await check(wrong, { [wrong.ids[0] as string]: 'wrong' });
  const given = ids.map((questionId) => ({ questionId, answer: answers[questionId] as string }));
  const checkIn = (request: string, ports = backend) =>
    checkAnswers({ challengeId, client, answers: given, request }, ports);
  let again: CheckOutcome | undefined;
  const first = await checkIn(
    'first',
    meanwhile(async () => (again = await checkIn('again'))),
  );
  expect(again).toMatchObject({ kind: 'attempts-exhausted', recovery: undefined });
  expect(first.kind).toBe('verified');
  const third = await inRecovery('third');
  const last = await ask(userId);
  await check(last, { [last.ids[0] as string]: 'wrong' });
  backend.advance(30);
  const late = { ...third.view, client, answers: given, request: 'late' };
  expect(await checkAnswers(late, backend)).toMatchObject({ kind: 'attempts-exhausted', recovery: 'third' });
  // Whoever answered is not ended by newer recoveries; whoever did not, is by the fourth.
  const later = ['fourth', 'fifth', 'sixth'];
  for (const recovery of later) expect((await inRecovery(recovery)).superseded).toBeUndefined();
  expect((await inRecovery('seventh')).superseded).toMatchObject({ recovery: 'third' });
});

test('questions that were answered are closed for right and wrong answers alike, and cost no try', async () => {
  const userId = await somebody();
  const asked = await ask(userId);
  expect((await check(asked)).kind).toBe('verified');
  expect((await check(asked, { [asked.ids[0] as string]: 'wrong' })).kind).toBe('challenge-closed');
  expect((await check(asked)).kind).toBe('challenge-closed');
  const next = await ask(userId);
  expect(await check(next, { [next.ids[0] as string]: 'wrong' })).toMatchObject({ attemptsRemaining: 2 });
});

test('stolen table: neither answer nor hash can be read in it', async () => {
  const userId = await somebody();
  const stored = JSON.stringify(await backend.users.read(await backend.keyOf(userId)));
  for (const answer of Object.values(answers))
    expect(stored.toLowerCase()).not.toContain(answer.toLowerCase());
  expect(stored).not.toContain('8$1$1$'); // the cost that a hash begins with in tests
});

test('timing oracle on answers: one, two or all wrong cost as many hashes as a name that does not exist', async () => {
  const userId = await somebody();
  for (const wrong of [0, 1, 2, 3]) {
    const asked = await ask(wrong === 0 ? 'nobody' : userId);
    const change = Object.fromEntries(asked.ids.slice(0, wrong).map((id) => [id, 'wrong']));
    const { result, hashes } = await countingHashes(() => check(asked, change));
    expect({ wrong, kind: result.kind, hashes }).toEqual({ wrong, kind: 'rejected', hashes: 3 });
    backend.advance(86_400); // a new day with its own tries
  }
});

test('as many questions as policy says now are asked of everybody, however many it said at enrolment', async () => {
  const userId = await somebody();
  const stricter = {
    ...backend,
    policy: { ...backend.policy, kba: { ...backend.policy.kba, questions: 4 } },
  };
  for (const name of [userId, `nobody-${userId}`]) {
    const outcome = await askQuestions(
      { person: await backend.person(name), client, purpose: 'sign-in' },
      stricter,
    );
    expect(outcome).toMatchObject({ kind: 'questions', questions: { length: 4 } });
  }
});

test('questions set silently: every address is notified when questions are set, replaced or removed', async () => {
  const userId = await enrolSomebody(backend);
  const contact = { userId, email: `${userId}@example.com` };
  const question = await enrolQuestion({ questionId: 'first-car', answer: 'Moskvitch 412' }, backend.keyring);
  await enrolUser(contact, true, backend, []);
  const kinds = async () => {
    const notices = Object.values((await backend.users.read(await backend.keyOf(userId)))?.notices ?? {});
    return notices.filter(({ kind }) => kind === 'questions-changed').length / 2; // before and after
  };
  expect(await kinds()).toBe(0); // there were none to remove
  for (const [index, questions] of [[question], [question], []].entries()) {
    backend.told.length = 0;
    await enrolUser(contact, true, backend, questions);
    expect(await kinds()).toBe(index + 1);
    expect(backend.told.some(({ address }) => address === 'email')).toBe(true);
  }
  await enrolUser({ ...contact, displayName: 'Some Body' }, true, backend);
  expect(await kinds()).toBe(3);
});

test('right answers untold: a sign-in by answers is told at every address, once, and again where its queue failed', async () => {
  const userId = await somebody();
  const kinds = async () =>
    Object.values((await backend.users.read(await backend.keyOf(userId)))?.notices ?? {}).map(
      ({ kind }) => kind,
    );
  const before = await kinds();
  const asked = await ask(userId);
  backend.told.length = 0;
  await check(asked, { [asked.ids[0] ?? '']: 'wrong' });
  expect([await kinds(), backend.told]).toEqual([before, []]);
  const down = { ...backend, notices: { send: () => Promise.reject(new Error('the queue is down')) } };
  const given = asked.ids.map((questionId) => ({ questionId, answer: answers[questionId] ?? '' }));
  const request = { challengeId: asked.challengeId, client, answers: given, request: 'the-right-one' };
  await expect(checkAnswers(request, down)).rejects.toThrow('the queue is down');
  expect(await kinds()).toEqual([...before, 'answers-accepted']);
  expect((await checkAnswers(request, backend)).kind).toBe('verified');
  expect(await kinds()).toEqual([...before, 'answers-accepted']);
  expect(backend.told.map(({ address }) => address)).toContain('email');
});

test('a recovery by answers is not told twice: its end is what is told', async () => {
  const userId = await somebody();
  const outcome = await askQuestions(
    { person: await backend.person(userId), client, purpose: 'recovery', recovery: 'r'.repeat(32) },
    backend,
  );
  if (outcome.kind !== 'questions') throw new Error(outcome.kind);
  const ids = outcome.questions.map(({ questionId }) => questionId);
  expect((await check({ challengeId: outcome.view.challengeId, ids })).kind).toBe('verified');
  const notices = Object.values((await backend.users.read(await backend.keyOf(userId)))?.notices ?? {});
  expect(notices.map(({ kind }) => kind)).not.toContain('answers-accepted');
});
