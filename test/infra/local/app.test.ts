/** The local stack in a process of its own: a code by each method, faults, restarts, another policy. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoUser } from '../../../infra/local/demo-user.ts';
import { type Stack, startStackProcess } from '../../stack.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'data-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const digits = (text: string): string => /\d(?: ?\d){5}/.exec(text)?.[0].replaceAll(' ', '') ?? '';

async function issue(stack: Stack, method: string) {
  const token = await stack.token('credential-provider');
  return stack.request('POST', '/v1/otp-challenges', { token, body: { userId: 'alice', method } });
}
async function verify(stack: Stack, challengeId: string, code: string) {
  const token = await stack.token('credential-provider');
  return stack.request('POST', `/v1/otp-challenges/${challengeId}/verify`, { token, body: { code } });
}

describe('the local stack', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStackProcess();
  });
  afterAll(() => stack.stop());

  it.each([
    ['SMS', demoUser.phone],
    ['Email', demoUser.email],
    ['Call', demoUser.phone],
  ])('sends the demo user a code by %s that signs in once', async (method, to) => {
    await stack.clearOutbox();
    const { status, body } = await issue(stack, method);
    expect(status).toBe(201);
    const { channel, body: text } = await stack.received(to);
    expect(channel).toBe(method);
    expect((await verify(stack, body.challengeId, digits(text))).body).toMatchObject({ verified: true });
    expect((await verify(stack, body.challengeId, digits(text))).status).toBe(410);
  });

  it('lets a code expire when the clock is moved', async () => {
    const { body } = await issue(stack, 'SMS');
    await stack.advance(301);
    expect((await verify(stack, body.challengeId, '000000')).body).toMatchObject({
      code: 'challenge-closed',
    });
  });

  it('answers 503 while the table fails, and goes on when it is back', async () => {
    await stack.fault('dynamodb', 'error', 20);
    expect((await issue(stack, 'SMS')).status).toBe(503);
    await stack.fault('dynamodb', 'error', 0);
    expect((await issue(stack, 'SMS')).status).toBe(201);
  });

  it('repeats a delivery that the carrier throttled, once the queue offers it again', async () => {
    await stack.advance(3_600);
    await stack.clearOutbox();
    await stack.fault('sns', 'throttle', 1);
    await issue(stack, 'SMS');
    await expect.poll(async () => (await stack.requests())['sns']).toBeDefined();
    for (let minute = 0; minute < 4 && (await stack.outbox(demoUser.phone)).length === 0; minute++) {
      await stack.advance(60);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(await stack.outbox(demoUser.phone)).toHaveLength(1);
  });

  it('prints nothing that was sent', async () => {
    const codes = (await stack.outbox()).map(({ body }) => digits(body));
    const output = readFileSync(stack.output, 'utf8');
    expect(codes).not.toEqual([]);
    for (const code of codes) expect(output).not.toContain(code);
  });
});

describe('the local stack with DATA_DIR', () => {
  it('verifies after a restart what it issued before', async () => {
    const before = await startStackProcess({ dataDir });
    const { body } = await issue(before, 'Email');
    const { body: text } = await before.received(demoUser.email);
    const { body: keys } = await before.request('GET', '/.well-known/jwks.json');
    expect(await before.stop()).toBe(0);

    const after = await startStackProcess({ dataDir });
    expect(await after.outbox(demoUser.email)).toHaveLength(1);
    expect((await after.request('GET', '/.well-known/jwks.json')).body).toEqual(keys);
    expect((await verify(after, body.challengeId, digits(text))).body).toMatchObject({ verified: true });
    expect(await after.stop()).toBe(0);
  });
});

describe('the local stack with another policy', () => {
  it('serves that policy', async () => {
    const stack = await startStackProcess({
      policy: { mode: 'MFA', mfaMethod: 'Email', otp: { digits: 8 } },
    });
    const { body } = await stack.request('GET', '/v1/policy', { token: await stack.token('web-login') });
    expect(body).toMatchObject({ mode: 'MFA', mfaMethod: 'Email', codeLength: 8 });
    await stack.stop();
  });
});
