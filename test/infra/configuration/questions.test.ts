/** The organisation's own security questions: what stops synth, in which words. */
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../infra/configuration/problems.ts';
import { loadStage } from '../../../infra/configuration/stage.ts';
import { catalogue } from '../../../shared/domain/kba/catalogue.ts';

function faults(questions: unknown, more: object = {}): string[] {
  try {
    loadStage('production', { overrides: { questions, ...more } });
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map((p) => `${p.field}: ${p.message}`);
    throw error;
  }
  return [];
}

const question = (id: string, text: object = { en: `What do you say to ${id}?` }) => ({ id, text });
const [one, two, three] = ['first-desk', 'first-badge', 'first-mentor'].map((id) => question(id));
const idAllowed =
  'use 3 to 32 lower-case letters, digits and hyphens, not one that starts with own-, or an id of the built-in catalogue';
const listAllowed = 'use a list of 3 to 40 questions, or leave it out for the built-in catalogue';
const lengthAllowed = 'use one line of 8 to 200 characters';

it('may be left out, or be three questions in the default language', () => {
  expect(faults(undefined)).toEqual([]);
  expect(faults([one, two, three])).toEqual([]);
  const german = { organisation: { defaultLocale: 'de' } };
  const text = { de: 'Wie hieß Ihr erster Mentor?', en: 'Who was your first mentor?' };
  expect(
    faults(
      ['aaa', 'bbb', 'ccc'].map((id) => question(id, text)),
      german,
    ),
  ).toEqual([]);
});

const builtIn = (count: number, more: object = {}) =>
  catalogue.slice(0, count).map((id) => ({ id, ...more }));

it('may hold questions of the built-in catalogue, current and retired', () => {
  expect(faults(builtIn(3))).toEqual([]);
  expect(faults([one, two, three, ...builtIn(10, { retired: true })])).toEqual([]);
});

describe('a list is refused', () => {
  it.each([
    ['that is none', 'first-desk', [`questions: "first-desk" is not allowed; ${listAllowed}`]],
    ['that is empty', [], [`questions: [] is not allowed; ${listAllowed}`]],
    [
      'with a wording of its own for a question of the built-in catalogue',
      [one, two, question(catalogue[0])],
      [
        'questions.2.text: "first-teacher" has its wording from the built-in catalogue; leave the text out, or use another id',
      ],
    ],
    [
      'without a wording for one that is not',
      [one, two, { id: 'first-mentor' }],
      ['questions.2.text.en: it is missing; use a text in organisation.defaultLocale, which is en'],
    ],
    [
      'that retires what may still be enrolled',
      [one, two, { ...three, retired: false }],
      ['questions.2.retired: false is not allowed; use true, or leave it out'],
    ],
    [
      'with an id like those that are made of a wording',
      [one, two, question('own-words')],
      [`questions.2.id: "own-words" is not allowed; ${idAllowed}`],
    ],
    [
      'with an id that is no word',
      [one, two, question('First Desk')],
      [`questions.2.id: "First Desk" is not allowed; ${idAllowed}`],
    ],
    [
      'with one id twice',
      [one, two, three, question('first-desk')],
      ['questions.3.id: "first-desk" is taken by questions.0; use another id'],
    ],
    [
      'with a text that is too short',
      [one, two, question('first-mentor', { en: 'Mentor?' })],
      [`questions.2.text.en: "Mentor?" is not allowed; ${lengthAllowed}`],
    ],
    [
      'with a text of several lines',
      [one, two, question('first-mentor', { en: 'Who was\nyour mentor?' })],
      [`questions.2.text.en: "Who was\\nyour mentor?" is not allowed; ${lengthAllowed}`],
    ],
    [
      'without a text in the default language',
      [one, two, question('first-mentor', { de: 'Wie hieß Ihr erster Mentor?' })],
      ['questions.2.text.en: it is missing; use a text in organisation.defaultLocale, which is en'],
    ],
    [
      'with a language that nobody is spoken to in',
      [one, two, question('first-mentor', { en: 'Who was your first mentor?', it: 'Chi era?' })],
      ['questions.2.text.it: there is no such field; use one of en, de, fr, es, ar'],
    ],
    [
      'with a field that there is not',
      [one, two, { ...three, texts: {} }],
      ['questions.2.texts: there is no such field; use one of id, text, retired; did you mean text?'],
    ],
  ])('%s', (_, questions, lines) => {
    expect(faults(questions)).toEqual(lines);
  });

  it('with fewer questions than the policy asks', () => {
    expect(faults([one, two, three], { policy: { kba: { questions: 4 } } })).toEqual([
      'questions: 3 are given that may be enrolled; use at least policy.kba.questions, which is 4',
    ]);
    const [first, ...others] = [one, two, three, ...builtIn(2)];
    expect(faults([first, ...others.map((question) => ({ ...question, retired: true }))])).toEqual([
      'questions: 1 are given that may be enrolled; use at least policy.kba.questions, which is 3',
    ]);
  });

  it('with fewer retired questions than the policy asks', () => {
    expect(faults([one, two, three, ...builtIn(2, { retired: true })])).toEqual([
      'questions: 2 are retired, too few to ask anybody; use at least policy.kba.questions, which is 3, or none',
    ]);
  });

  it('that does not fit into the environment of a function beside the policy and the keys', () => {
    const long = Array.from({ length: 20 }, (_, place) =>
      question(`question-${place}`, { en: 'W'.repeat(200) }),
    );
    const [line = ''] = faults(long);
    expect(line).toMatch(
      /^questions: they take \d{4} bytes; use at most \d{4}, which is what Lambda's environment/,
    );
    const [taken = 0, room = 0] = Array.from(line.matchAll(/\d{4}/g), ([digits]) => Number(digits));
    expect(taken).toBeGreaterThan(room);
    const versions = { keys: { pepper: { versions: [3, 2, 1] } } };
    expect(Number(/at most (\d+)/.exec(faults(long, versions)[0] ?? '')?.[1])).toBe(room - 200);
  });
});
