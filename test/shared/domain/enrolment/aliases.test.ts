/** Names beside the userId: which of them are one. */
import { expect, test } from 'vitest';
import { countAliases, mergedAliases } from '../../../../shared/domain/enrolment/aliases.ts';

test.each<[readonly string[] | undefined, readonly string[] | undefined]>([
  [['e1', 'E1', 'e\u200b1', '\uff45\uff11'], ['e1']],
  [['Erin', 'erin', 'e1'], ['e1']],
  [
    ['e1', 'e2'],
    ['e1', 'e2'],
  ],
  [
    ['CORP\\erin', 'erin@corp.example'],
    ['CORP\\erin', 'erin@corp.example'],
  ],
  [[], []],
  [undefined, undefined],
])('of %j beside erin stay %j', (given, expected) => {
  expect(mergedAliases('ERIN', given)).toEqual(expected);
});

test('forms that the stage calls one count once, and not beside the userId', () => {
  const ports = { sameNames: ['CORP\\', '@corp.example'] };
  expect(countAliases('erin', ['CORP\\erin', 'ERIN@corp.example', 'e1', 'CORP\\e1'], ports)).toBe(1);
});
