/** SMS that SNS took and did not bring: what the local stack's SNS writes into its log comes back, and the code goes by email. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { borrowStack, type Stack } from '../stack.ts';
import { caller, codeSentTo, enrol, messagesTo, until } from './people.ts';

let stack: Stack;
let api: ReturnType<typeof caller>;
beforeAll(async () => {
  stack = await borrowStack();
  api = caller(stack);
});
afterAll(() => stack.stop());
afterEach(() => stack.clearFaults());

test.each(['accept-and-drop', 'spend-limit', 'over-price'] as const)(
  'an SMS that SNS took and dropped (%s): its code goes by email, and is good once',
  async (fault) => {
    const { userId, phone, email } = await enrol(stack);
    await stack.fault('sns', fault, 1);
    const { body } = await api.start(userId, { method: 'SMS' });
    await stack.quiet();
    expect(await messagesTo(stack, phone)).toBe(0);
    await stack.advance(3);
    await until(
      () => messagesTo(stack, email),
      (count) => count > 0,
    );
    const { body: status } = await api.status(body.challengeId);
    expect(status).toMatchObject({ method: 'Email' });
    const code = await codeSentTo(stack, email);
    expect((await api.verify(body.challengeId, code)).status).toBe(200);
  },
);

test('an SMS of somebody without an address: the code is spoken', async () => {
  const { userId, phone } = await enrol(stack, { email: undefined });
  await stack.fault('sns', 'accept-and-drop', 1);
  const { body } = await api.start(userId, { method: 'SMS' });
  await stack.quiet();
  await stack.advance(3);
  await until(
    () => messagesTo(stack, phone),
    (count) => count > 0,
  );
  expect((await api.status(body.challengeId)).body).toMatchObject({ method: 'Call' });
});
