/** What an administrator closes, at every door of a started stack: the API, the sign-in page and the logon screens. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { headingOf, newBrowser } from '../sign-in/browser.ts';
import { beginLogin, submit } from '../sign-in/relying-party.ts';
import { borrowStack, type Json, type Stack } from '../stack.ts';
import { logonScreen, transcript } from './logon-screens.ts';
import { enrolRecovering, recoverer } from './recovering.ts';

let stack: Stack;
let api: ReturnType<typeof recoverer>;
beforeAll(async () => {
  stack = await borrowStack();
  api = recoverer(stack);
});
afterAll(() => stack.stop());

const why = { operator: 'ada', reason: 'calls since noon' };
const restrict = (wanted: object) =>
  api.call('PUT', '/v1/restrictions', { ...why, ...wanted }, { client: 'admin' });
const refusal = ({ status, body }: Json) => [status, body.code];
const disabled = [403, 'fallback-disabled'];
const statusOf = async ({ recoveryId }: Json) => (await api.read(recoveryId)).body.status;

test('while recoveries are closed none begins and none goes on, and no door asks a question', async () => {
  const person = await enrolRecovering(stack);
  const { userId } = person;
  const running = await api.begin(userId, { path: 'kba' });
  const coded = await api.begin(userId, { path: 'otp-alternate-email' });
  const code = await api.alternateCode(person);
  const choosing = await api.begin(userId);
  const asked = (await api.askQuestions(userId)).body;
  const closed = await restrict({ recoveries: 'closed' });
  try {
    expect(closed.body.recoveries).toEqual({ state: 'closed', ...why });
    expect(closed.body.helpDeskCodes.state).toBe('open');
    for (const name of [userId, 'nobody-who-recovers']) {
      expect(refusal(await api.startAnswer(name, { path: 'kba' }))).toEqual(disabled);
      expect(refusal(await api.askQuestions(name))).toEqual(disabled);
    }
    expect(refusal(await api.check(asked))).toEqual(disabled);
    expect(refusal(await api.check(running.step.challenge))).toEqual(disabled);
    expect(refusal(await api.verify(coded.step.challenge.challengeId, code))).toEqual([
      410,
      'challenge-closed',
    ]);
    for (const recovery of [running, coded, choosing]) expect(await statusOf(recovery)).toBe('failed');

    const [, screen = ''] = await transcript(logonScreen(stack), userId, 'questions');
    expect(screen).toContain('That is over. Please choose again');
    const browser = newBrowser();
    const choice = await browser.open((await beginLogin(stack, { person: userId })).authorizationUrl);
    const ways = await browser.open(`${choice.url}/recoveries`);
    const page = await submit(browser, ways, 'recovery', { path: 'kba' });
    expect(headingOf(page)).toBe('That way did not work');

    // What is not named stays, and codes go on.
    expect((await api.start(userId, { method: 'Email' })).status).toBe(201);
    expect((await api.generate(userId, { kind: 'one-time' })).status).toBe(201);
  } finally {
    await restrict({ recoveries: 'open' });
  }
  for (const recovery of [running, coded, choosing]) expect(await statusOf(recovery)).toBe('failed');
  const again = await enrolRecovering(stack);
  const { recovery } = await api.finish(await api.begin(again.userId, { path: 'kba' }), again);
  expect(recovery.status).toBe('succeeded');
  expect(readFileSync(stack.output, 'utf8')).toMatch(/"event":"restriction-changed".*"recoveries":"closed"/);
});
