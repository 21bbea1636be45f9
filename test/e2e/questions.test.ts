/** Security questions over HTTP: how they are enrolled, what they tell, and how many tries there are. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { borrowStack, type Stack } from '../stack.ts';
import { ownName } from '../support/own-name.ts';
import { enrol, problemOf, put, until, userPath } from './people.ts';
import { recoverer, rightAnswers, securityQuestions, wrongAnswers } from './recovering.ts';

let stack: Stack;
let api: ReturnType<typeof recoverer>;
beforeAll(async () => {
  stack = await borrowStack();
  api = recoverer(stack);
});
afterAll(() => stack.stop());

const asked = async (userId: string) => {
  const answer = await api.askQuestions(userId);
  expect(answer.status).toBe(201);
  return answer.body;
};
const idsOf = ({ questions }: { questions: { questionId: string }[] }) =>
  questions.map(({ questionId }) => questionId);
const somebody = async (contact: object = {}) => enrol(stack, { securityQuestions, ...contact });

describe('enrolling', () => {
  const [one, two, three] = securityQuestions as [object, object, object];
  const with1 = (answer: string) => [{ questionId: 'first-car', answer }, two, three];
  const list = '/securityQuestions';

  test.each([
    ['fewer than three', [one, two], [list]],
    ['one twice', [one, two, { questionId: 'first-teacher', answer: 'Somebody Else' }], [`${list}/2`]],
    [
      'the same answer twice',
      [one, two, { questionId: 'first-car', answer: ' HERON  gate' }],
      [`${list}/2/answer`],
    ],
    ['neither id nor text', [one, two, { answer: 'Somebody Else' }], [`${list}/2`]],
    [
      'both id and text',
      [one, two, { questionId: 'first-car', text: 'Which car was it?', answer: 'Else' }],
      [`${list}/2`],
    ],
    ['an unknown id', [one, two, { questionId: 'shoe-size', answer: 'Else' }], [`${list}/2/questionId`]],
    ['no answer', with1(''), [`${list}/0/answer`]],
    ['white space alone', with1(' \t '), [`${list}/0/answer`]],
    ['one character', with1('x '), [`${list}/0/answer`]],
    ['a common answer', with1(' PassWord '), [`${list}/0/answer`]],
    ['a word of the question', with1('Car'), [`${list}/0/answer`]],
    ['the display name', with1('quillfeather'), [`${list}/0/answer`]],
    ['digits of the phone', with1('555 0177'), [`${list}/0/answer`]],
    ['an address', with1('Perpetua@Example.com'), [`${list}/0/answer`]],
  ])('refuses %s, at its place and without repeating it', async (_, questions, pointers) => {
    const contact = {
      phone: '+12025550177',
      email: 'perpetua@example.com',
      displayName: 'Perpetua Quillfeather',
    };
    const answer = await put(stack, ownName('refused'), { ...contact, securityQuestions: questions });
    expect(problemOf(answer)).toMatchObject({ status: 400, code: 'invalid-request', pointers });
    for (const given of questions as { answer: string }[]) {
      if (given.answer.trim().length > 4) expect(answer.text).not.toContain(given.answer);
    }
  });

  test('answers and hashes never come back', async () => {
    const { userId } = await somebody();
    const token = await stack.token('admin');
    for (const answer of [
      await put(stack, userId, { email: `${userId}@example.com`, securityQuestions }),
      await stack.request('GET', userPath(userId), { token }),
      await stack.request('GET', '/v1/users?limit=100', { token }),
    ]) {
      expect(answer.status).toBe(200);
      expect(answer.text).not.toMatch(/answer|hash|salt/i);
      for (const secret of Object.values(rightAnswers)) expect(answer.text).not.toContain(secret);
    }
  });

  test('stays when the field is absent, is replaced when it is there, and ends with an empty list', async () => {
    const { userId, email } = await somebody();
    await put(stack, userId, { email });
    expect((await api.check(await asked(userId))).status).toBe(200);
    const changed = { 'first-car': 'Oxblood Estate', 'first-teacher': 'Ottoline', 'first-film': 'Fog' };
    const replaced = Object.entries(changed).map(([questionId, answer]) => ({ questionId, answer }));
    await put(stack, userId, { email, securityQuestions: replaced });
    const challenge = await asked(userId);
    expect(new Set(idsOf(challenge))).toEqual(new Set(Object.keys(changed)));
    expect((await api.check(challenge)).status).toBe(422);
    expect((await api.check(challenge, changed)).status).toBe(200);
    await put(stack, userId, { email, securityQuestions: [] });
    expect((await api.check(await asked(userId), changed)).status).toBe(422);
  });

  test('takes the organisation’s own wording and asks in it', async () => {
    const text = 'What is the number of your first desk?';
    const own = [one, two, { text, answer: 'North 14' }];
    const { userId } = await somebody({ securityQuestions: own });
    const challenge = await asked(userId);
    const { questionId } = challenge.questions.find((question: { text: string }) => question.text === text);
    expect((await api.check(challenge, { ...rightAnswers, [questionId]: 'north 14' })).status).toBe(200);
  });
});

test.each([
  ['in capitals', (answer: string) => answer.toUpperCase()],
  ['with other white space', (answer: string) => `  ${answer.replaceAll(' ', ' \u00a0 ')} `],
  [
    'in full-width letters',
    (answer: string) => answer.replace(/[a-z]/gi, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
  ],
  ['with ss for ß and composed letters', (answer: string) => answer.replace('ß', 'SS').normalize('NFD')],
])('answers are taken %s', async (_, spell) => {
  const answers = {
    'first-teacher': 'Frau Großmüller',
    'childhood-street': 'Heron Gate',
    'first-film': 'Der Kater',
  };
  const given = Object.entries(answers).map(([questionId, answer]) => ({ questionId, answer }));
  const { userId } = await somebody({ securityQuestions: given });
  const typed = Object.fromEntries(Object.entries(answers).map(([id, answer]) => [id, spell(answer)]));
  expect((await api.check(await asked(userId), typed)).status).toBe(200);
});

test('family names of one character and of two letters are answers', async () => {
  const names = { 'first-teacher': '김', 'childhood-friend': '王', 'grandparent-occupation': 'Na' };
  const given = Object.entries(names).map(([questionId, answer]) => ({ questionId, answer }));
  const { userId } = await somebody({ securityQuestions: given });
  expect(
    (await api.check(await asked(userId), { ...names, 'first-teacher': '\u1100\u1175\u11b7' })).status,
  ).toBe(200);
});

describe('asking', () => {
  test('puts the same questions, in the same order, until they were answered', async () => {
    const more = [
      ...securityQuestions,
      { questionId: 'first-car', answer: 'Oxblood Estate' },
      { questionId: 'first-concert', answer: 'The Marsh Warblers' },
    ];
    const { userId } = await somebody({ securityQuestions: more });
    const first = await asked(userId);
    expect(first.questions).toHaveLength(3);
    await api.check(first, wrongAnswers);
    expect((await asked(userId)).questions).toEqual(first.questions);
    const other = await api.askQuestions(userId, { client: 'web-login' });
    expect(other.body.questions).toEqual(first.questions);
  });

  test('a name that does not exist gets questions that stay the same and that nothing answers', async () => {
    const name = ownName('nobody-asked');
    const first = await asked(name);
    const again = await asked(name.toUpperCase());
    expect(again.questions).toEqual(first.questions);
    expect(Object.keys(first)).toEqual(Object.keys(await asked((await somebody()).userId)));
    expect(problemOf(await api.check(again))).toMatchObject({ status: 422, code: 'code-rejected' });
  });

  test('again closes the questions before, and under its key repeats them', async () => {
    const { userId } = await somebody();
    const ask = () => api.askQuestions(userId, { key: 'asked-once' });
    const first = await ask();
    expect((await ask()).text).toBe(first.text);
    const second = await asked(userId);
    expect(problemOf(await api.check(first.body))).toMatchObject({ status: 410, code: 'challenge-closed' });
    expect((await api.check(second)).status).toBe(200);
  });
});

describe('answering', () => {
  test('has three tries in a day over all challenges and clients, and says how long to wait', async () => {
    const { userId } = await somebody();
    const left: number[] = [];
    for (const client of ['credential-provider', 'web-login', 'credential-provider'] as const) {
      const { body } = await api.askQuestions(userId, { client });
      left.push((await api.check(body, wrongAnswers, { client })).body.attemptsRemaining);
    }
    expect(left).toEqual([2, 1, 0]);
    const right = await api.check(await asked(userId));
    expect(problemOf(right)).toMatchObject({ status: 429, code: 'attempts-exhausted' });
    const wait = Number(right.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(86_000);
    expect(wait).toBeLessThanOrEqual(86_400);
    await stack.advance(wait);
    expect((await api.check(await asked(userId))).status).toBe(200);
  });

  test('rightly, ten times at once, succeeds once', async () => {
    const challenge = await asked((await somebody()).userId);
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.check(challenge)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('again under its key is answered alike, right or wrong, and spends nothing', async () => {
    const challenge = await asked((await somebody()).userId);
    const wrong = () => api.check(challenge, wrongAnswers, { key: 'wrong' });
    const right = () => api.check(challenge, rightAnswers, { key: 'right' });
    const refused = await wrong();
    expect(refused.body.attemptsRemaining).toBe(2);
    expect((await wrong()).text).toBe(refused.text);
    const answered = await right();
    expect(answered.body).toMatchObject({ verified: true, method: 'kba', amr: ['kba'] });
    expect((await right()).text).toBe(answered.text);
    expect(problemOf(await api.check(challenge, wrongAnswers, { key: 'right' }))).toMatchObject({
      status: 409,
    });
  });

  test('rightly is told at every address, the unused ones too, and how to object', async () => {
    const alternateEmail = `${process.pid}-told@example.net`;
    const { userId, phone, email } = await somebody({ alternateEmail });
    expect((await api.check(await asked(userId))).status).toBe(200);
    for (const to of [phone, email, alternateEmail]) {
      const [notice] = await until(
        () => stack.outbox(to),
        ({ length }) => length > 0,
      );
      expect(notice?.body).toMatch(/security questions.*help@example\.com/s);
    }
  });

  test('tells nothing of which answer was wrong', async () => {
    const texts = new Set<string>();
    for (const given of mixtures) {
      const refused = await api.check(await asked((await somebody()).userId), given);
      expect(problemOf(refused)).toMatchObject({ status: 422, code: 'code-rejected' });
      texts.add(refused.text);
    }
    expect(texts.size).toBe(1);
  });
});

/** All wrong, one wrong at either end, and two wrong. */
const mixtures: readonly Readonly<Record<string, string>>[] = [
  wrongAnswers,
  { ...rightAnswers, 'first-teacher': 'Nobody At All' },
  { ...rightAnswers, 'first-film': 'Nothing Shown' },
  { ...wrongAnswers, 'childhood-street': 'Heron Gate' },
];
