/** People who enrolled before the organisation's list of questions changed: they are asked and answer as before. */
import { afterAll, expect, test } from 'vitest';
import { worded } from '../../functions/kba-check/ports.ts';
import { checkQuestions, enrolQuestions } from '../../shared/domain/enrolment/check-questions.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { askQuestions } from '../../shared/domain/kba/ask-questions.ts';
import { catalogue } from '../../shared/domain/kba/catalogue.ts';
import { checkAnswers } from '../../shared/domain/kba/check-answers.ts';
import type { ListedQuestion } from '../../shared/domain/kba/question-list.ts';
import { securityQuestionTexts } from '../../shared/messages/question-texts.ts';
import { backendOn } from '../support/person.ts';
import { startTable } from '../support/table.ts';

const table = await startTable();
afterAll(() => table.close());
const backend = backendOn(table);
const client = 'web-login';

/** What a function has whose stage has the list, or none of its own. */
const textsOf = (list?: readonly ListedQuestion[]) =>
  securityQuestionTexts({ DEFAULT_LOCALE: 'en', ...(list && { QUESTIONS: JSON.stringify(list) }) });

const questions = [
  { id: 'first-desk', text: { en: 'Where did your first desk stand?' } },
  { id: 'first-mentor', text: { en: 'Who showed you around on your first day?' } },
  { id: 'first-badge', text: { en: 'What was printed on your first badge?' } },
];
const mentor = { id: 'first-mentor', text: { en: 'Who took you around?', de: 'Wer führte Sie herum?' } };
/** It has lost one, words another one anew, and lets nobody enrol the built-in ones any more. */
const renamed = [
  ...questions.filter(({ id }) => id === 'first-badge'),
  { id: 'first-canteen', text: { en: 'Which dish did you have on your first day?' } },
  mentor,
  ...catalogue.map((id) => ({ id, retired: true })),
];

async function enrol(
  userId: string,
  answers: Readonly<Record<string, string>>,
  list?: readonly ListedQuestion[],
) {
  const given = Object.entries(answers).map(([questionId, answer]) => ({ questionId, answer }));
  const checked = checkQuestions(given, [], backend.policy, textsOf(list));
  if (checked.faults.length > 0) return checked.faults.map(({ kind }) => kind);
  const enrolled = await enrolQuestions(checked.questions, backend.keyring);
  await enrolUser({ userId, email: `${userId}@example.com` }, true, backend, enrolled);
  return [];
}

async function ask(userId: string, list: readonly ListedQuestion[], locale?: string) {
  const texts = textsOf(list);
  const person = await backend.person(userId);
  const ports = { ...backend, questionIds: texts.ids };
  const outcome = await askQuestions({ person, client, purpose: 'sign-in' }, ports);
  if (outcome.kind !== 'questions') throw new Error(outcome.kind);
  const wording = worded({ questions: texts });
  const put = outcome.questions.map((question) => wording(question, locale));
  return {
    challengeId: outcome.view.challengeId,
    texts: Object.fromEntries(put.map(({ questionId, text }) => [questionId, text])),
  };
}

async function verdict(
  { challengeId, texts }: Awaited<ReturnType<typeof ask>>,
  answers: Readonly<Record<string, string>>,
) {
  const given = Object.keys(texts).map((questionId) => ({ questionId, answer: answers[questionId] ?? '' }));
  return (await checkAnswers({ challengeId, client, answers: given, request: challengeId }, backend)).kind;
}

const builtIn = {
  'first-teacher': 'Wollstonecraft',
  'childhood-street': 'Heron Gate',
  'first-film': 'The Lighthouse Cat',
};
const own = {
  'first-desk': 'Beside the lift shaft',
  'first-mentor': 'Ottoline Marchbanks',
  'first-badge': 'A kingfisher',
};

test('under the built-in catalogue, before there was a list, in each language', async () => {
  expect(await enrol('early', builtIn)).toEqual([]);
  for (const list of [questions, renamed]) {
    const asked = await ask('early', list, 'de');
    expect(Object.keys(asked.texts).toSorted()).toEqual(Object.keys(builtIn).toSorted());
    expect(asked.texts['first-film']).toMatch(/Film/);
    expect(await verdict(asked, builtIn)).toBe('verified');
    expect(await enrol('too-late', builtIn, list)).toContain('unknown-id');
  }
});

test('with a question that the list has lost, which is put as it was enrolled', async () => {
  expect(await enrol('worded', own, questions)).toEqual([]);
  const asked = await ask('worded', renamed, 'de');
  expect(asked.texts).toEqual({
    'first-desk': 'Where did your first desk stand?',
    'first-mentor': mentor.text.de,
    'first-badge': 'What was printed on your first badge?',
  });
  expect(await verdict(asked, own)).toBe('verified');
});
