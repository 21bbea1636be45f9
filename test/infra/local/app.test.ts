/** The local stack as `npm start` starts it, with every function loaded: a code by each method, time, faults. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoUser } from '../../../infra/local/demo-user.ts';
import { type Stack, startStackProcess } from '../../stack.ts';

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
