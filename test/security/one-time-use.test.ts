/** A code works once and an attempt is spent before it is judged, however many requests race. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { anotherCode, type Backend, backendOn, enrolSomebody } from '../support/person.ts';
import { startTable, type TestTable } from '../support/table.ts';

let table: TestTable;
let backend: Backend;

beforeAll(async () => {
  table = await startTable();
  backend = backendOn(table);
});
afterAll(() => table.close());

const client = 'web-login';
let requests = 0;
function newRequest(): string {
  requests += 1;
  return `request-${requests}`;
}

async function started(userId: string) {
  const outcome = await startChallenge(
    { person: await backend.person(userId), client, purpose: 'sign-in' },
    backend,
  );
  if (outcome.kind !== 'challenge') throw new Error(outcome.kind);
  return outcome.view.challengeId;
}

function verify(challengeId: string, code: string, request = newRequest()) {
  return verifyCode({ challengeId, client, code, request }, backend);
}

function count(outcomes: readonly { kind: string }[]) {
  const counted: Record<string, number> = {};
  for (const { kind } of outcomes) counted[kind] = (counted[kind] ?? 0) + 1;
  return counted;
}

describe('parallel brute force: 200 requests at once', () => {
  test('with the right code: one succeeds', async () => {
    const userId = await enrolSomebody(backend);
    const id = await started(userId);
    const code = await backend.codeOf(userId, client);
    const outcomes = await Promise.all(Array.from({ length: 200 }, () => verify(id, code)));
    expect(count(outcomes)).toEqual({ verified: 1, 'challenge-closed': 199 });
  });

  test('with wrong codes: five are evaluated', async () => {
    const userId = await enrolSomebody(backend);
    const id = await started(userId);
    const code = await backend.codeOf(userId, client);
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, i) => verify(id, anotherCode(code, i + 1))),
    );
    expect(count(outcomes)).toEqual({ 'code-rejected': 5, 'attempts-exhausted': 195 });
    const remaining = outcomes.flatMap((outcome) =>
      outcome.kind === 'code-rejected' ? [outcome.attemptsRemaining] : [],
    );
    expect(remaining.toSorted()).toEqual([0, 1, 2, 3, 4]);
  });

  test('with one right code among wrong ones: never a success after five evaluations', async () => {
    const userId = await enrolSomebody(backend);
    const id = await started(userId);
    const code = await backend.codeOf(userId, client);
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, i) => verify(id, i === 100 ? code : anotherCode(code, i + 1))),
    );
    const counted = count(outcomes);
    expect((counted['code-rejected'] ?? 0) + (counted['verified'] ?? 0)).toBeLessThanOrEqual(5);
  });
});

test('right code after exhaustion: refused once five wrong ones were evaluated', async () => {
  const userId = await enrolSomebody(backend);
  const id = await started(userId);
  const code = await backend.codeOf(userId, client);
  for (let wrong = 1; wrong <= 5; wrong += 1) {
    expect(await verify(id, anotherCode(code, wrong))).toEqual({
      kind: 'code-rejected',
      attemptsRemaining: 5 - wrong,
    });
  }
  expect(await verify(id, code)).toEqual({ kind: 'attempts-exhausted', reason: 'challenge' });
});

test('a request sent again records no attempt and is answered as before', async () => {
  const userId = await enrolSomebody(backend);
  const id = await started(userId);
  const code = await backend.codeOf(userId, client);
  const wrong = anotherCode(code);
  for (let times = 0; times < 8; times += 1) {
    expect(await verify(id, wrong, 'again')).toEqual({ kind: 'code-rejected', attemptsRemaining: 4 });
  }
  expect(await verify(id, code, 'again')).toEqual({ kind: 'conflict' });
  const first = await verify(id, code, 'right');
  expect(first.kind).toBe('verified');
  expect(await verify(id, code, 'right')).toEqual(first);
  expect(await verify(id, code)).toEqual({ kind: 'challenge-closed' });
});

test('code of another client: it cannot use a challenge, nor learn that it exists', async () => {
  const userId = await enrolSomebody(backend);
  const id = await started(userId);
  const code = await backend.codeOf(userId, client);
  const stolen = await verifyCode({ challengeId: id, client: 'other', code, request: 'stolen' }, backend);
  expect(stolen).toEqual({ kind: 'challenge-closed' });
  expect((await verify(id, code)).kind).toBe('verified');
});

test('expired code: it dies with its challenge, to the millisecond', async () => {
  const userId = await enrolSomebody(backend);
  const alive = await started(userId);
  backend.advance(299.999);
  expect((await verify(alive, await backend.codeOf(userId, client))).kind).toBe('verified');
  const late = await started(userId);
  backend.advance(300);
  expect(await verify(late, await backend.codeOf(userId, client))).toEqual({ kind: 'challenge-closed' });
});
