/** With `AWS_CLIENT=stock` the functions do the same through the SDK's clients as they come. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { borrowStack, type Stack } from '../stack.ts';
import { codeSentTo, enrol } from './people.ts';
import { enrolRecovering, recoverer } from './recovering.ts';
import { stockWithOwnQuestions } from './variants.ts';

let stack: Stack;
let api: ReturnType<typeof recoverer>;
beforeAll(async () => {
  stack = await borrowStack(stockWithOwnQuestions);
  api = recoverer(stack);
});
afterAll(() => stack?.stop());

test.each([
  ['SMS', 'phone'],
  ['Email', 'email'],
  ['Call', 'phone'],
] as const)('a person signs in with a code by %s', async (method, address) => {
  const person = await enrol(stack);
  const { body } = await api.start(person.userId, { method });
  const answer = await api.verify(body.challengeId, await codeSentTo(stack, person[address]));
  expect(answer).toMatchObject({ status: 200, body: { verified: true, userId: person.userId, method } });
});

test('a person who lost the phone recovers with questions and a code to the alternate email', async () => {
  const person = await enrolRecovering(stack);
  const begun = await api.begin(person.userId, { path: 'kba+otp-alternate-email' });
  const { recovery, answers } = await api.finish(begun, person);
  expect(answers.map(({ method }) => method)).toEqual(['kba', 'Email']);
  expect(recovery).toMatchObject({ status: 'succeeded', verification: { userId: person.userId } });
});

test('a code of the help desk signs its person in once, and tells every address', async () => {
  const person = await enrol(stack);
  const { codes } = (await api.generate(person.userId, { kind: 'one-time' })).body;
  const use = () => api.useBackupCode({ userId: person.userId, code: codes[0] });
  expect(await use()).toMatchObject({ status: 200, body: { verified: true, method: 'backup-code' } });
  expect(await use()).toMatchObject({ status: 422, body: { code: 'code-rejected' } });
  for (const address of [person.phone, person.email]) await stack.received(address);
});

test.each(['dynamodb', 'sqs', 'kms'] as const)('a fault of %s that passes is repeated', async (service) => {
  const person = await enrol(stack);
  await stack.fault(service, 'error', 1);
  const { body, status } = await api.start(person.userId, { method: 'SMS' });
  expect(status).toBe(201);
  const answer = await api.verify(body.challengeId, await codeSentTo(stack, person.phone));
  expect(answer.status).toBe(200);
});
