/** The product's own recovery workflow on the local interpreter, over restarts. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoUser } from '../../../../infra/local/demo-user.ts';
import { type Json, type Stack, startStack } from '../../../stack.ts';

const scratch = mkdtempSync(join(tmpdir(), 'recoveries-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const digits = (text: string): string => /\d(?: ?\d){5}/.exec(text)?.[0].replaceAll(' ', '') ?? '';
const answers = demoUser.securityQuestions;

async function post(stack: Stack, path: string, body: object, client = 'credential-provider' as const) {
  return stack.request('POST', path, { token: await stack.token(client), body });
}
async function begin(stack: Stack, path?: string): Promise<Json> {
  const { status, body } = await post(stack, '/v1/recoveries', { userId: demoUser.userId, path });
  expect(status).toBe(201);
  return step(stack, body.recoveryId);
}
/** The recovery, once its next step is there or it has ended. */
async function step(stack: Stack, recoveryId: string, before?: string): Promise<Json> {
  const token = await stack.token('credential-provider');
  const deadline = performance.now() + 30_000;
  for (;;) {
    const { body } = await stack.request('GET', `/v1/recoveries/${recoveryId}`, { token });
    if (body.status !== 'pending' || (body.step !== undefined && body.step.type !== before)) return body;
    if (performance.now() > deadline) throw new Error('the next step is not there within half a minute');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
async function answerQuestions(stack: Stack, { recoveryId, step: { challenge } }: Json): Promise<Json> {
  const { status } = await post(stack, `/v1/kba-challenges/${challenge.challengeId}/check`, { answers });
  expect(status).toBe(200);
  return step(stack, recoveryId, 'kba');
}
const codeIn = async (stack: Stack): Promise<string> =>
  digits((await stack.received(demoUser.alternateEmail)).body);
async function enterCode(
  stack: Stack,
  { recoveryId, step: { challenge } }: Json,
  code: string,
): Promise<Json> {
  const { challengeId } = challenge;
  const { status } = await post(stack, `/v1/otp-challenges/${challengeId}/verify`, { code });
  expect(status).toBe(200);
  return step(stack, recoveryId, 'otp');
}
const history = async (stack: Stack, recoveryId: string): Promise<Json> =>
  (await stack.request('GET', `/local/executions/${recoveryId}`)).body;
const succeeded = { status: 'succeeded', verification: { verified: true, purpose: 'recovery' } };

/** What the process would leave if it were killed now. */
const remains = (from: string): string => {
  const copy = mkdtempSync(join(scratch, 'copy-'));
  cpSync(from, copy, { recursive: true });
  return copy;
};

describe('a recovery in the local stack', () => {
  const dataDir = mkdtempSync(join(scratch, 'data-'));
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ dataDir });
  });
  afterAll(() => stack.stop());

  it('by questions and a code goes through both, and its history holds ids only', async () => {
    const started = await begin(stack, 'kba+otp-alternate-email');
    const asked = await answerQuestions(stack, started);
    const ended = await enterCode(stack, asked, await codeIn(stack));
    expect(ended).toMatchObject(succeeded);
    const { recoveryId } = started;
    await expect.poll(async () => (await history(stack, recoveryId)).status).toBe('SUCCEEDED');
    const told = await history(stack, recoveryId);
    const ids = { recoveryId, path: 'kba+otp-alternate-email' };
    expect({ input: told.input, output: told.output }).toEqual({ input: ids, output: ids });
    const entered = told.events.flatMap(({ type, state }: Json) =>
      type === 'TaskStateEntered' ? [state] : [],
    );
    expect(entered).toEqual(['AskQuestions', 'SendCode', 'Succeed']);
    for (const { answer } of answers) expect(JSON.stringify(told)).not.toContain(answer);
    expect(JSON.stringify(told)).not.toContain('@');
  });

  it('without a path lets the person choose', async () => {
    const started = await begin(stack);
    expect(started.step.type).toBe('choose');
    const { recoveryId } = started;
    await post(stack, `/v1/recoveries/${recoveryId}/path`, { path: 'kba' });
    expect(await answerQuestions(stack, await step(stack, recoveryId, 'choose'))).toMatchObject(succeeded);
  });

  it('goes on after a fault of the workflow service', async () => {
    const started = await begin(stack, 'kba');
    await stack.fault('states', 'throttle', 1);
    expect(await answerQuestions(stack, started)).toMatchObject(succeeded);
  });

  it('times out by the clock, workflow and recovery alike', async () => {
    const { recoveryId } = await begin(stack, 'kba');
    await stack.advance(901);
    expect(await step(stack, recoveryId, 'kba')).toMatchObject({ status: 'timed-out' });
    await expect.poll(async () => (await history(stack, recoveryId)).error).toBe('RecoveryTimedOut');
  });

  it('that a kill broke off in the middle can be finished after the restart, or ends in a time-out', async () => {
    await stack.clearOutbox();
    const late = await begin(stack, 'kba');
    const started = await begin(stack, 'kba+otp-alternate-email');
    const asked = await answerQuestions(stack, started);
    const code = await codeIn(stack);

    const after = await startStack({ dataDir: remains(dataDir) });
    expect(await enterCode(after, await step(after, asked.recoveryId), code)).toMatchObject(succeeded);
    await after.advance(901);
    expect(await step(after, late.recoveryId, 'kba')).toMatchObject({ status: 'timed-out' });
    await expect.poll(async () => (await history(after, late.recoveryId)).status).toBe('FAILED');
    await after.stop();
  });
});
