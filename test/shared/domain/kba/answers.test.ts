import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerFault, normaliseAnswer } from '../../../../shared/domain/kba/answers.ts';

describe('normalisation abuse: two answers are the same', () => {
  test.each([
    ['Straße', 'STRASSE'],
    ['Straße', '  strasse '],
    ['STRAẞE', 'straße'],
    ['Café', 'Cafe\u0301'],
    ['ﬁnch', 'FINCH'],
    ['Quince  Tree\tLane', 'quince tree lane'],
    ['ＱＵＩＮＣＥ', 'quince'],
    ['ΟΔΟΣ', 'οδος'],
    ['fro\u00adbisher', 'Frobisher'],
    ['fro\u200bbisher', 'Frobisher'],
  ])('%j and %j', (one, other) => {
    expect(normaliseAnswer(one)).toBe(normaliseAnswer(other));
  });

  test('whatever case and form they are typed in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (answer) => {
        const normal = normaliseAnswer(answer);
        expect(normaliseAnswer(normal)).toBe(normal);
        expect(normaliseAnswer(answer.normalize('NFD'))).toBe(normal);
        expect(normaliseAnswer(`  ${answer}\n`)).toBe(normal);
      }),
      { numRuns: 1_000 },
    );
  });
});

test('two answers that differ stay different', () => {
  expect(normaliseAnswer('Istanbul')).not.toBe(normaliseAnswer('Ankara'));
  expect(normaliseAnswer('a b')).not.toBe(normaliseAnswer('ab'));
});

describe('empty, short and deny-listed answers: an answer is refused', () => {
  const context = {
    wordings: [
      'What was the family name of your first teacher?',
      'Wie hieß Ihre erste Lehrkraft mit Nachnamen?',
    ],
    about: ['alice.smith', 'Alice Smith', '+12025550123', 'alice@example.com'],
    others: ['Quince Tree Lane'],
  };
  test.each([
    ['', 'too-short'],
    ['   ', 'too-short'],
    ['\u200b\u200b\u200b', 'too-short'],
    ['a', 'too-short'],
    ['123', 'too-common'],
    ['PassWord', 'too-common'],
    ['n/a', 'too-common'],
    ['I do not know', 'too-common'],
    ["Don't  know", 'too-common'],
    ['Teacher', 'in-the-question'],
    ['what was the family name of your first teacher?', 'in-the-question'],
    ['LEHRKRAFT', 'in-the-question'],
    ['Smith', 'about-the-user'],
    ['ALICE', 'about-the-user'],
    ['202-555-0123', 'about-the-user'],
    ['0123', 'about-the-user'],
    ['alice@example.com', 'about-the-user'],
    ['quince tree  LANE', 'repeated'],
  ])('%j: %s', (answer, fault) => {
    expect(answerFault(answer, context)).toBe(fault);
  });

  test.each(['Li', 'Frobisher', 'ﷺ', 'Müller-Lüdenscheid', '1984'])('and %j is not', (answer) => {
    expect(answerFault(answer, context)).toBeUndefined();
  });
});
