/** What a row of a file asks for, and rows that are refused before anything is sent. */
import { describe, expect, it } from 'vitest';
import { NamesSeen } from '../../../../infra/cli/users/import/names-seen.ts';
import { wishOfRow } from '../../../../infra/cli/users/import/wish-of-row.ts';

const wish = (cells: Record<string, unknown>) => wishOfRow({ line: 2, cells: { userId: 'erin', ...cells } });

describe('what a row asks for', () => {
  it('an empty cell keeps, - clears, and everything else is set', () => {
    expect(
      wish({ phone: '+12025550123', email: '', alternateEmail: '-', enabled: 'FALSE', protected: 'yes' }),
    ).toEqual({
      userId: 'erin',
      fields: { phone: '+12025550123', alternateEmail: null, enabled: false, protected: true },
    });
  });

  it('what is cleared and has to be one or the other is as it begins', () => {
    expect(wish({ enabled: '-', protected: '-' })).toMatchObject({
      fields: { enabled: true, protected: false },
    });
    expect(wish({ enabled: null, protected: null })).toMatchObject({
      fields: { enabled: true, protected: false },
    });
  });

  it('aliases are separated by semicolons, and may be a list in NDJSON', () => {
    expect(wish({ aliases: 'CORP\\erin; e.example ;' })).toMatchObject({
      fields: { aliases: ['CORP\\erin', 'e.example'] },
    });
    expect(wish({ aliases: ['a', 'b'] })).toMatchObject({ fields: { aliases: ['a', 'b'] } });
    expect(wish({ aliases: '-' })).toMatchObject({ fields: { aliases: [] } });
  });

  it('questions are ids or texts, with their answers', () => {
    const cells = {
      question1: 'first-pet',
      answer1: 'Rex',
      question2: 'Where did you meet?',
      answer2: 'Oslo',
    };
    expect(wish(cells)).toMatchObject({
      fields: {
        securityQuestions: [
          { questionId: 'first-pet', answer: 'Rex' },
          { text: 'Where did you meet?', answer: 'Oslo' },
        ],
      },
    });
    expect(wish({ question1: '-' })).toMatchObject({ fields: { securityQuestions: [] } });
  });

  it("a number is text behind the ' that keeps a spreadsheet from calculating with it", () => {
    expect(wish({ phone: "'+12025550123" })).toMatchObject({ fields: { phone: '+12025550123' } });
    expect(wish({ phone: "'(202) 555-0123" })).toMatchObject({ fields: { phone: '(202) 555-0123' } });
  });

  it("a cell that was escaped for spreadsheets is what stands behind the '", () => {
    expect(wish({ displayName: "'-" })).toMatchObject({ fields: { displayName: '-' } });
  });
});

describe('a row that is refused before anything is sent', () => {
  it.each([
    ['userId', { userId: ' ' }, 'It is missing.'],
    ['userId', { userId: null }, 'It is missing.'],
    ['userId', { userId: 4711 }, 'Use a text.'],
    ['userId', { userId: 'er\nin' }, 'A line break stands in it.'],
    ['displayName', { displayName: 'Erin\r\nExample' }, 'A line break stands in it.'],
    ['displayName', { displayName: 'x'.repeat(10_000_000) }, 'It has 10000000 characters; use 1000 at most.'],
    ['enabled', { enabled: 'perhaps' }, 'Use true or false.'],
    ['phone', { phone: '1.2025550123E+10' }, 'A spreadsheet rounded this number.'],
    ['phone', { phone: '4,91701E+11' }, 'A spreadsheet rounded this number.'],
    ['phone', { phone: '+1.2025550123E+10' }, 'A spreadsheet rounded this number.'],
    ['phone', { phone: '12025550123.0' }, 'A spreadsheet calculated with this number.'],
    ['phone', { phone: '+12025550123,00' }, 'A spreadsheet calculated with this number.'],
    ['phone', { phone: '#WERT!' }, 'A spreadsheet took this number for a formula.'],
    ['phone', { phone: '########' }, 'A spreadsheet took this number for a formula.'],
    ['phone', { phone: '#NAME?' }, 'A spreadsheet took this number for a formula.'],
    ['answer1', { question1: 'first-pet' }, 'It is missing.'],
    ['question2', { answer2: 'Rex' }, 'It is missing.'],
  ])('%s of %j', (field, cells, reason) => {
    expect(wish(cells)).toEqual({ field, reason: expect.stringContaining(reason) });
  });

  it('the second row of a person, under any spelling, says where the first one is', () => {
    const names = new NamesSeen();
    expect(names.claim({ userId: 'Erin', fields: { aliases: ['e1'] } }, 2)).toBeUndefined();
    expect(names.claim({ userId: 'ERIN ', fields: {} }, 5)).toEqual({
      field: 'userId',
      reason: 'Line 2 has this name already.',
    });
    expect(names.claim({ userId: 'e1', fields: {} }, 6)).toMatchObject({ field: 'userId' });
    expect(names.claim({ userId: 'frank', fields: { aliases: ['erin'] } }, 7)).toMatchObject({
      field: 'aliases',
    });
    expect(names.claim({ userId: 'frank', fields: {} }, 8)).toBeUndefined();
  });
});
