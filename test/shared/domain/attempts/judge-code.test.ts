/** The verdict on attempts at a code: one wins, and each request hears its own again. */
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { judgeCode } from '../../../../shared/domain/attempts/judge-code.ts';
import { attemptDigest } from '../../../../shared/domain/challenge/code.ts';
import { rightCode } from '../../../../shared/domain/challenge/winning-attempt.ts';
import { keyringOf } from '../../../../shared/domain/crypto/keyring.ts';
import type { OtpChallenge } from '../../../../shared/domain/user-record/challenge.ts';
import { blankRecord } from '../../../../shared/domain/user-record/user-record.ts';

const keyring = keyringOf(
  new Map([
    [2, randomBytes(32)],
    [1, randomBytes(32)],
  ]),
);
const [challengeKey, challengeId] = ['web-login sign-in', 'challenge'];
const sent = {
  id: challengeId,
  client: 'web-login',
  purpose: 'sign-in',
  name: randomBytes(40),
  expiresAt: Date.parse('2026-03-02T09:05:00Z'),
  digits: 6,
  maxAttempts: 5,
  delivery: {
    sequence: 1,
    method: 'SMS',
    nonce: randomBytes(16).toString('base64url'),
    key: 1,
    attemptsBefore: 0,
    isDeliverable: true,
  },
  requests: [],
  attempts: [],
} as unknown as OtpChallenge;
const right = rightCode(sent, keyring);
const wrong = right === '000000' ? '000001' : '000000';

/** A record in which each code was tried once, by the requests 0, 1 and so on. @param key that the attempts were made under */
function recordWith(codes: readonly string[], key = keyring.current) {
  const at = Date.parse('2026-03-02T09:00:00Z');
  const attempts = codes.map((code) => ({
    digest: attemptDigest(code, challengeId, key, keyring),
    key,
    at,
    mac: '',
  }));
  const challenge = { ...sent, attempts, requests: codes.map((_, place) => String(place)) };
  return { ...blankRecord('erin'), challenges: { [challengeKey]: challenge } };
}

function judge(record: ReturnType<typeof recordWith>, request: number, code: string) {
  const digest = attemptDigest(code, challengeId, keyring.current, keyring);
  return judgeCode(record, { challengeKey, challengeId, code, digest, request: String(request) }, keyring);
}

test.each([
  ['a wrong code', [wrong], 0, { kind: 'wrong', attemptsRemaining: 4 }],
  ['the first right one', [wrong, right], 1, { kind: 'won', place: 1 }],
  ['a second right one', [right, right], 1, { kind: 'challenge-closed' }],
  ['a wrong one before the winner', [wrong, right], 0, { kind: 'wrong', attemptsRemaining: 4 }],
  ['a wrong one after it', [right, wrong], 1, { kind: 'challenge-closed' }],
] as const)('%s', (_, codes, place, verdict) => {
  const record = recordWith(codes);
  expect(judge(record, place, codes[place] as string)).toMatchObject(verdict);
});

test('an attempt under an older key is judged as one under the current', () => {
  expect(judge(recordWith([right], 1), 0, right)).toMatchObject({ kind: 'won', place: 0 });
  expect(judge(recordWith([wrong], 1), 0, wrong)).toMatchObject({ kind: 'wrong' });
});

test('a request that comes again with another code is refused', () => {
  expect(judge(recordWith([wrong]), 0, right)).toEqual({ kind: 'conflict' });
});

test('a request that recorded no attempt has none', () => {
  expect(judge(recordWith([right]), 1, right)).toEqual({ kind: 'challenge-closed' });
});
