/** A recovery outlives the process: it can still be finished, or its time has run out; never in between. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Json, type Stack, startStack } from '../stack.ts';
import { caller, codeSentTo, enrol } from './people.ts';

let dataDir: string;
let stack: Stack;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'recovery-'));
  stack = await startStack({ dataDir });
});
afterEach(async () => {
  await stack.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const answers = {
  'first-teacher': 'Wollstonecraft',
  'childhood-street': 'Heron Gate',
  'first-film': 'The Lighthouse Cat',
};
const securityQuestions = Object.entries(answers).map(([questionId, answer]) => ({ questionId, answer }));

async function restart(): Promise<void> {
  await stack.stop();
  stack = await startStack({ dataDir });
}

async function settled(id: string, wanted: (recovery: Json) => boolean): Promise<Json> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { body } = await caller(stack).call('GET', `/v1/recoveries/${id}`, undefined);
    if (wanted(body)) return body;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the recovery did not move on');
}

test('one that waits for answers, and then for a code, is finished over two restarts', async () => {
  const alternateEmail = 'alternate@alternate.example';
  const { userId } = await enrol(stack, { alternateEmail, securityQuestions });
  const path = 'kba+otp-alternate-email';
  const started = await caller(stack).call('POST', '/v1/recoveries', { userId, path });
  const { recoveryId, step } = started.body;
  await restart();
  const given = step.challenge.questions.map(({ questionId }: { questionId: keyof typeof answers }) => ({
    questionId,
    answer: answers[questionId],
  }));
  const checked = await caller(stack).call('POST', `/v1/kba-challenges/${step.challenge.challengeId}/check`, {
    answers: given,
  });
  expect(checked.status).toBe(200);
  const asked = await settled(recoveryId, (recovery) => recovery.step?.type === 'otp');
  const code = await codeSentTo(stack, alternateEmail);
  await restart();
  const verified = await caller(stack).verify(asked.step.challenge.challengeId, code);
  expect(verified.status).toBe(200);
  const ended = await settled(recoveryId, ({ status }) => status !== 'pending');
  expect(ended).toMatchObject({ status: 'succeeded', verification: { method: path } });
});

test('one whose time ran out while nothing was running is timed out', async () => {
  const { userId } = await enrol(stack, { securityQuestions });
  const started = await caller(stack).call('POST', '/v1/recoveries', { userId, path: 'kba' });
  await restart();
  await stack.advance(900);
  const { body } = await caller(stack).call('GET', `/v1/recoveries/${started.body.recoveryId}`, undefined);
  expect(body.status).toBe('timed-out');
});
