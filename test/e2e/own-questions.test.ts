/** A stage with questions of the organisation's own, and most built-in ones retired: who is asked which, in which language. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoUser } from '../../infra/local/demo-user.ts';
import { borrowStack, type Json, type Stack } from '../stack.ts';
import { enrol, problemOf, put } from './people.ts';
import { recoverer } from './recovering.ts';
import { ownQuestions as questions, retiredIds, stockWithOwnQuestions } from './variants.ts';

const answers: Record<string, string> = {
  'first-desk': 'Beside the lift shaft',
  'first-mentor': 'Ottoline Marchbanks',
  'first-badge': 'A kingfisher',
};
const securityQuestions = Object.entries(answers).map(([questionId, answer]) => ({ questionId, answer }));

let stack: Stack;
let api: ReturnType<typeof recoverer>;
beforeAll(async () => {
  stack = await borrowStack(stockWithOwnQuestions);
  api = recoverer(stack);
});
afterAll(() => stack.stop());

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

  test('takes no retired one, and says which there are', async () => {
    const [, two, three] = securityQuestions;
    const [questionId] = retiredIds;
    const given = [{ questionId, answer: 'Ottoline' }, two, three];
    const answer = await put(stack, 'enrolled-too-late', { securityQuestions: given });
    expect(problemOf(answer)).toMatchObject({ status: 400, pointers: ['/securityQuestions/0/questionId'] });
    expect(answer.body.errors[0].detail).toBe(
      'Use one of first-desk, first-mentor, first-badge, first-canteen, first-teacher, childhood-street, first-film.',
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
});

test('every second name that does not exist is asked retired questions, and the others those of the list', async () => {
  const enrolled = await ask((await enrol(stack, { securityQuestions })).userId, { locale: 'de' });
  const strangers = Array.from({ length: 24 }, (_, place) => ask(`stranger-${place}`, { locale: 'de' }));
  const all = await Promise.all(strangers);
  const retired = new Set<string>(retiredIds);
  const counts = all.map((challenge) => idsOf(challenge).filter((id) => retired.has(id)).length);
  expect(new Set(counts)).toEqual(new Set([0, 3])); // by a coin for each name, and never a mixture
  for (const challenge of all) {
    expect(new Set(idsOf(challenge)).size).toBe(3);
    expect(Object.keys(challenge)).toEqual(Object.keys(enrolled));
    expect(Object.values(textsOf(challenge)).every((text) => typeof text === 'string')).toBe(true);
  }
});

test('the demonstration user of such a stage answers to its list', async () => {
  const { body } = await api.askQuestions(demoUser.userId);
  expect(idsOf(body).toSorted()).toEqual(['first-badge', 'first-desk', 'first-mentor']);
  const spoken = Object.fromEntries(
    questions.slice(0, 3).map(({ id }, place) => [id, demoUser.securityQuestions[place]?.answer ?? '']),
  );
  expect((await api.check(body, spoken)).status).toBe(200);
});
