/** Which answers can be enrolled. */
import { describe, expect, test } from 'vitest';
import { answerFault } from '../../../../shared/domain/kba/answers.ts';

describe('empty, short and deny-listed answers: an answer is refused', () => {
  const context = {
    wordings: [
      'What was the family name of your first teacher?',
      'Wie hieß Ihre erste Lehrkraft mit Nachnamen?',
    ],
    about: ['alice.smith', 'Alice Smith', '+12025550123', 'alice@example.com'],
    others: ['Quince Tree Lane'],
  };
  const common = (answer: string): [string, string] => [answer, 'too-common'];
  test.each([
    ['', 'too-short'],
    ['   ', 'too-short'],
    ['\u200b\u200b\u200b', 'too-short'],
    ['a', 'too-short'],
    ['123', 'too-common'],
    ['PassWord', 'too-common'],
    ...['n/a', 'N/A', 'n.a.', 'N. A.', '#N/A', 'n a', '(n-a)', 'N\u2215A', 'n.\u200ba'].map(common),
    ...['k. A.', 'k.A.', 's. o.', 'S/O', 'n/d', 'N.D.'].map(common),
    ['Black', 'too-common'],
    ['か', 'too-short'],
    ['O', 'too-short'],
    ['I do not know', 'too-common'],
    ["Don't  know", 'too-common'],
    ['Don’t know!', 'too-common'],
    ['I don’t know.', 'too-common'],
    ['١٢٣٤', 'too-common'],
    ['لا أعرف', 'too-common'],
    ['- -', 'too-short'],
    ['🔥🔥', 'too-short'],
    ['ㄱ', 'too-short'],
    ['Teacher', 'in-the-question'],
    ['what was the family name of your first teacher?', 'in-the-question'],
    ['LEHRKRAFT', 'in-the-question'],
    ['Smith', 'about-the-user'],
    ['ALICE', 'about-the-user'],
    ['202-555-0123', 'about-the-user'],
    ['0123', 'about-the-user'],
    ['٠١٢٣', 'about-the-user'],
    ['ali\u200bce', 'about-the-user'],
    ['Alíce', 'about-the-user'],
    ['alice@example.com', 'about-the-user'],
    ['quince tree  LANE', 'repeated'],
  ])('%j: %s', (answer, fault) => {
    expect(answerFault(answer, context)).toBe(fault);
  });

  test.each(['Li', 'Frobisher', 'ﷺ', 'Müller-Lüdenscheid', '1984', 'かな'])('and %j is not', (answer) => {
    expect(answerFault(answer, context)).toBeUndefined();
  });

  test.each(['王', '김', ' 王. ', '\u1100\u1175\u11b7', '㈜', '𠮷'])(
    'nor is %j, one character that is a word',
    (answer) => {
      expect(answerFault(answer, context)).toBeUndefined();
    },
  );

  test.each(['Na', 'NA', 'na', ' Na ', 'N\u200bA', 'Ná', 'ＮＡ', 'Na.', 'Ka', 'So', 'Black, Joan'])(
    'nor is %j, a family name whose letters stand together or that has more beside it',
    (answer) => {
      expect(answerFault(answer, context)).toBeUndefined();
    },
  );
});
