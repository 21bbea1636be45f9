/** A stage with questions of the organisation's own: who is asked which, in which language, and who was before. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoUser } from '../../infra/local/demo-user.ts';
import { catalogue } from '../../shared/domain/kba/catalogue.ts';
import { type Json, type Stack, startStack } from '../stack.ts';
import { enrol, problemOf, put } from './people.ts';
import { enrolRecovering, recoverer, rightAnswers } from './recovering.ts';

const questions = [
  {
    id: 'first-desk',
    text: { en: 'Where did your first desk stand?', de: 'Wo stand Ihr erster Schreibtisch?' },
  },
  { id: 'first-mentor', text: { en: 'Who showed you around on your first day?' } },
  { id: 'first-badge', text: { en: 'What was printed on your first badge?' } },
  { id: 'first-canteen', text: { en: 'Which dish did you have on your first day?' } },
];
const answers: Record<string, string> = {
  'first-desk': 'Beside the lift shaft',
  'first-mentor': 'Ottoline Marchbanks',
  'first-badge': 'A kingfisher',
};
const securityQuestions = Object.entries(answers).map(([questionId, answer]) => ({ questionId, answer }));

const dataDir = mkdtempSync(join(tmpdir(), 'own-questions-'));
let stack: Stack;
let api: ReturnType<typeof recoverer>;
/** Enrolled before the organisation had a list. */
let early: { userId: string };
beforeAll(async () => {
  stack = await startStack({ dataDir });
  early = await enrolRecovering(stack);
  await stack.stop();
  stack = await startStack({ dataDir, stage: { questions } });
  api = recoverer(stack);
});
afterAll(async () => {
  await stack.stop();
  rmSync(dataDir, { recursive: true });
});

const idsOf = ({ questions: asked }: Json): string[] =>
  asked.map(({ questionId }: { questionId: string }) => questionId);
const textsOf = ({ questions: asked }: Json) =>
  Object.fromEntries(asked.map(({ questionId, text }: Json) => [questionId, text]));
const ask = async (userId: string, more: object = {}) => {
  const answer = await api.call('POST', '/v1/kba-challenges', { userId, ...more });
  expect(answer.status).toBe(201);
  return answer.body;
};

describe('enrolling', () => {
  test('takes the organisation’s ids, and people sign in with their answers', async () => {
    const { userId } = await enrol(stack, { securityQuestions });
    const challenge = await ask(userId);
    expect(textsOf(challenge)).toEqual(
      Object.fromEntries(questions.slice(0, 3).map(({ id, text }) => [id, text.en])),
    );
    expect((await api.check(challenge, answers)).status).toBe(200);
  });

  test('takes none of the built-in catalogue any more, and says which there are', async () => {
    const [, two, three] = securityQuestions;
    const given = [{ questionId: 'first-teacher', answer: 'Ottoline' }, two, three];
    const answer = await put(stack, 'enrolled-too-late', { securityQuestions: given });
    expect(problemOf(answer)).toMatchObject({ status: 400, pointers: ['/securityQuestions/0/questionId'] });
    expect(answer.body.errors[0].detail).toBe(
      'Use one of first-desk, first-mentor, first-badge, first-canteen.',
    );
  });

  test.each(['Desk', 'SCHREIBTISCH'])(
    'refuses %s, which stands in the question in one of its languages',
    async (answer) => {
      const [, two, three] = securityQuestions;
      const given = [{ questionId: 'first-desk', answer }, two, three];
      const refused = await put(stack, 'enrolled-lazily', { securityQuestions: given });
      expect(problemOf(refused)).toMatchObject({ status: 400, pointers: ['/securityQuestions/0/answer'] });
    },
  );
});

describe('asking', () => {
  test('in the language that the client names, or the default one where the list has no other', async () => {
    const { userId } = await enrol(stack, { securityQuestions, locale: 'de' });
    const german = textsOf(await ask(userId, { locale: 'de-AT' }));
    expect(german['first-desk']).toBe('Wo stand Ihr erster Schreibtisch?');
    expect(german['first-mentor']).toBe('Who showed you around on your first day?');
    expect(textsOf(await ask(userId))['first-desk']).toBe('Where did your first desk stand?');
    const { step } = await api.begin(userId, { path: 'kba', locale: 'de' });
    expect(textsOf(step.challenge)).toEqual(german);
    expect((await api.check(step.challenge, answers)).status).toBe(200);
  });

  test('a name that does not exist asks of the same list', async () => {
    for (const name of ['nobody-one', 'nobody-two', 'nobody-three']) {
      const asked = idsOf(await ask(name));
      expect(new Set(asked).size).toBe(3);
      expect(questions.map(({ id }) => id)).toEqual(expect.arrayContaining(asked));
    }
  });
});

describe('who was enrolled under the built-in catalogue', () => {
  test('is asked and answers as before, in each language', async () => {
    const challenge = await ask(early.userId, { locale: 'de' });
    expect(catalogue).toEqual(expect.arrayContaining(idsOf(challenge)));
    expect(textsOf(challenge)['first-film']).toMatch(/Film/);
    expect((await api.check(challenge, rightAnswers)).status).toBe(200);
    const spoken = Object.fromEntries(demoUser.securityQuestions.map((one) => [one.questionId, one.answer]));
    expect((await api.check(await ask('alice'), spoken)).status).toBe(200);
  });
});

test('a question that the list has lost is put as it was enrolled', async () => {
  const { userId } = await enrol(stack, { securityQuestions });
  await stack.stop();
  stack = await startStack({ dataDir, stage: { questions: renamed } });
  api = recoverer(stack);
  const challenge = await ask(userId);
  expect(textsOf(challenge)['first-desk']).toBe('Where did your first desk stand?');
  expect(textsOf(challenge)['first-mentor']).toBe('Who took you around?');
  expect((await api.check(challenge, answers)).status).toBe(200);
});

const renamed = [
  ...questions.filter(({ id }) => id !== 'first-desk' && id !== 'first-mentor'),
  { id: 'first-mentor', text: { en: 'Who took you around?' } },
  ...catalogue.map((id) => ({ id, retired: true })),
];

test('a question that is retired cannot be enrolled, and is asked of names that do not exist as of who enrolled it', async () => {
  const given = Object.entries(rightAnswers).map(([questionId, answer]) => ({ questionId, answer }));
  const refused = await put(stack, 'too-late', { email: 'too-late@example.com', securityQuestions: given });
  expect(problemOf(refused)).toMatchObject({ status: 400, code: 'invalid-request' });
  const strangers = Array.from({ length: 24 }, (_, place) => ask(`stranger-${place}`, { locale: 'de' }));
  const asked = (await Promise.all(strangers)).filter((challenge) =>
    idsOf(challenge).some((id) => (catalogue as readonly string[]).includes(id)),
  );
  expect(asked.length).toBeGreaterThan(0); // by a coin for each name
  expect(asked.length).toBeLessThan(24);
  const enrolled = await ask(early.userId, { locale: 'de' });
  for (const challenge of asked) {
    expect(catalogue).toEqual(expect.arrayContaining(idsOf(challenge)));
    expect(Object.keys(challenge)).toEqual(Object.keys(enrolled));
    expect(Object.values(textsOf(challenge)).every((text) => typeof text === 'string')).toBe(true);
  }
});

describe('a stage that has a list from its beginning', () => {
  let fresh: Stack;
  beforeAll(async () => {
    fresh = await startStack({ stage: { questions } });
  });
  afterAll(() => fresh.stop());

  test('has its demonstration user answer to it', async () => {
    const own = recoverer(fresh);
    const { body } = await own.askQuestions(demoUser.userId);
    expect(idsOf(body).toSorted()).toEqual(['first-badge', 'first-desk', 'first-mentor']);
    const spoken = Object.fromEntries(
      questions.slice(0, 3).map(({ id }, place) => [id, demoUser.securityQuestions[place]?.answer ?? '']),
    );
    expect((await own.check(body, spoken)).status).toBe(200);
  });
});
