/** Which challenges answer a path: one of the right kind for each step that opens one, in order and none besides. */
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { newChallengeId, slotOf } from '../../../../shared/domain/identifiers/challenge-id.ts';
import { answersOf } from '../../../../shared/domain/recovery/answered-steps.ts';

const challenge = (kind: 'kba' | 'otp') =>
  newChallengeId({
    kind,
    purpose: 'recovery',
    locator: randomBytes(16).toString('base64url'),
    slot: slotOf({ recovery: 'one' }),
  });
const [kba, otp] = [challenge('kba'), challenge('otp')];

test('each step has the challenge that answered it', () => {
  expect(answersOf('kba', [kba])).toEqual([{ step: 'kba', challengeId: kba }]);
  expect(answersOf('kba+otp-alternate-email', [kba, otp])).toEqual([
    { step: 'kba', challengeId: kba },
    { step: 'otp', challengeId: otp },
  ]);
});

test('a backup code answers its step without a challenge', () => {
  expect(answersOf('backup-code', [])).toEqual([{ step: 'backup-code', challengeId: '' }]);
});

test.each([
  ['no path', undefined, []],
  ['a step left out', 'kba+otp-alternate-email', [otp]],
  ['a step too many', 'kba', [kba, otp]],
  ['another order', 'kba+otp-alternate-email', [otp, kba]],
  ['another kind', 'otp-alternate-email', [kba]],
  ['no challenge id', 'kba', ['kba']],
  ['a challenge where a backup code belongs', 'backup-code', [otp]],
] as const)('%s is no answer', (_, path, answered) => {
  expect(answersOf(path, answered)).toBeUndefined();
});
