/** Challenge ids: what they hold, and what is none. */
import { expect, test } from 'vitest';
import {
  nameForLog,
  newChallengeId,
  readChallengeId,
  slotOf,
} from '../../../../shared/domain/identifiers/challenge-id.ts';
import { someKey } from '../../../support/person.ts';

const address = {
  kind: 'otp',
  purpose: 'recovery',
  locator: someKey('somebody'),
  slot: slotOf({ session: 'tab-1' }),
} as const;

test('an id tells what it is for and where its user is, and is another every time', () => {
  const id = newChallengeId(address);
  expect(readChallengeId(id)).toEqual(address);
  expect(newChallengeId(address)).not.toBe(id);
});

test.each(['', 'x', '+12025550123 code 482913', `${'A'.repeat(59)}=`, 'A'.repeat(44), '_'.repeat(60)])(
  '%j is no id, and never reaches the log',
  (text) => {
    expect(readChallengeId(text)).toBeUndefined();
    expect(nameForLog(text)).toBe('malformed');
  },
);
