/** Text that is shown to people and kept: what was lost on its way is refused, whoever wrote the escape. */
import { describe, expect, test } from 'vitest';
import { enrolBody } from '../../../shared/http/users.ts';

const pointersOf = (body: object) =>
  enrolBody.safeParse(body).error?.issues.map(({ path }) => path.join('/')) ?? [];
const question = (more: object) => ({ securityQuestions: [{ answer: 'Heron Gate', ...more }] });

describe('a text that lost a character', () => {
  test.each([
    ['a display name', { displayName: 'Jos\ufffd' }, 'displayName'],
    ['an alias', { aliases: ['jos\ufffd'] }, 'aliases/0'],
    ['a language', { locale: 'd\ufffd' }, 'locale'],
    [
      'an answer',
      question({ questionId: 'first-car', answer: 'Citro\ufffdn' }),
      'securityQuestions/0/answer',
    ],
    ['a question', question({ text: 'Quelle \ufffdcole ?' }), 'securityQuestions/0/text'],
  ])('is refused as %s', (_, body, pointer) => {
    expect(pointersOf(body)).toEqual([pointer]);
  });

  test('is told from one that is whole', () => {
    expect(
      pointersOf({ displayName: 'José', aliases: ['josé'], ...question({ text: 'Quelle école ?' }) }),
    ).toEqual([]);
  });
});
