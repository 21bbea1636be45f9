/** What a thief who has the password gets to guess at the default policy, with all the patience there is. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { resendCode } from '../../shared/domain/otp/resend-code.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { type VerifyOutcome, verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { anotherCode, type Backend, backendOn, enrolSomebody } from '../support/person.ts';
import { startTable } from '../support/table.ts';

const table = await startTable();
afterAll(() => table.close());

let backend: Backend;
let requests = 0;
beforeEach(() => {
  backend = backendOn(table);
});

/** Both login pages, and both addresses, so that neither page's gap nor one address's limit is in the way. */
const doors = [
  { client: 'web-login', method: 'SMS' },
  { client: 'credential-provider', method: 'Email' },
] as const;
type Client = (typeof doors)[number]['client'];

function tryCode(challengeId: string, client: Client, code: string): Promise<VerifyOutcome> {
  requests += 1;
  return verifyCode({ challengeId, client, code, request: `request-${requests}` }, backend);
}

/** Waits until a time, or a second where nobody says how long. */
function waitUntil(at: number | undefined): void {
  const milliseconds = at === undefined ? 1_000 : Math.max(1, at - backend.clock.now());
  backend.advance(milliseconds / 1_000);
}

/** Guesses wherever it can until the fallback stops. @returns when each guess was made, in seconds from the first. */
async function guessToTheEnd(userId: string): Promise<number[]> {
  const begin = backend.clock.now();
  const made: number[] = [];
  let refused = 0; // doors in a row
  let otherwise = 0; // when the other door opens
  for (let turn = 0; made.length < 200; turn += 1) {
    const { client, method } = doors[turn % 2] as (typeof doors)[number];
    const started = await startChallenge(
      { person: await backend.person(userId), client, method, purpose: 'sign-in' },
      backend,
    );
    if (started.kind === 'rate-limited') {
      refused += 1;
      if (refused % 2 === 0) waitUntil(Math.min(started.retryAt, otherwise));
      otherwise = started.retryAt;
      continue;
    }
    refused = 0;
    if (started.kind !== 'challenge') throw new Error(started.kind);
    const { challengeId, attemptsRemaining, resendAvailableAt } = started.view;
    if (attemptsRemaining === 0) {
      waitUntil(resendAvailableAt);
      continue;
    }
    const wrong = anotherCode(await backend.codeOf(userId, client));
    const outcome = await tryCode(challengeId, client, wrong);
    if (outcome.kind === 'code-rejected') made.push((backend.clock.now() - begin) / 1_000);
    else if (outcome.kind === 'attempts-exhausted' && outcome.retryAt === undefined && made.length >= 100)
      break;
    else if (outcome.kind === 'attempts-exhausted') waitUntil(outcome.retryAt);
    else throw new Error(outcome.kind);
  }
  return made;
}

// Ten are free, seven more cost waits that grow to half an hour, and then an hour goes by for each: 40 by the waits
// alone. The limits of sends leave 24, and the hundredth comes after six days.
test('restarting the flow to reset attempts: at most 40 attempts in a day, and 100 in a row until the user is locked', async () => {
  const made = await guessToTheEnd(await enrolSomebody(backend));
  expect(made).toHaveLength(100);
  const inDay = made.map((at) => made.filter((other) => other <= at && other > at - 86_400).length);
  expect(Math.max(...inDay)).toBe(24);
  expect(made.filter((at) => at < 86_400)).toHaveLength(24);
  expect(made[99]).toBe(6 * 86_400);
});

describe('resend to reset attempts', () => {
  test('four wrong codes after each resend end with the fifth one, whatever is resent', async () => {
    const userId = await enrolSomebody(backend);
    const client = 'web-login';
    const started = await startChallenge(
      { person: await backend.person(userId), client, purpose: 'sign-in' },
      backend,
    );
    if (started.kind !== 'challenge') throw new Error(started.kind);
    const { challengeId } = started.view;
    const kinds: string[] = [];
    for (const gap of [30, 60, 120]) {
      const wrong = anotherCode(await backend.codeOf(userId, client));
      for (let attempt = 1; attempt <= 4; attempt += 1)
        kinds.push((await tryCode(challengeId, client, wrong)).kind);
      backend.advance(gap);
      kinds.push((await resendCode({ challengeId, client }, backend)).kind);
    }
    expect(kinds.filter((kind) => kind === 'code-rejected')).toHaveLength(5);
    expect(kinds.slice(-5)).toEqual(Array(5).fill('attempts-exhausted'));
    const right = await backend.codeOf(userId, client);
    expect((await tryCode(challengeId, client, right)).kind).toBe('attempts-exhausted');
  });
});
