/** Many requests at once while the table loses replies: what works once has worked once. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { codeSentTo, enrol, honestly, wrong } from '../../e2e/people.ts';
import { recoverer } from '../../e2e/recovering.ts';
import { borrowStack, type Stack, type StackAnswer } from '../../stack.ts';

let stack: Stack;
let api: ReturnType<typeof recoverer>;
beforeAll(async () => {
  stack = await borrowStack();
  api = recoverer(stack);
});
afterAll(() => stack.stop());
afterEach(() => stack.clearFaults());

const together = (send: (place: number) => Promise<StackAnswer>) =>
  Promise.all(Array.from({ length: 20 }, (_, place) => send(place)));
const withStatus = (answers: readonly StackAnswer[], status: number) =>
  answers.filter((answer) => answer.status === status);

async function challenged() {
  const person = await enrol(stack);
  const { body } = await api.start(person.userId, { method: 'SMS' });
  const code = await codeSentTo(stack, person.phone);
  await stack.quiet();
  return { id: body.challengeId as string, code };
}

test.each([5, 20, 40])('twenty right codes while %i replies are lost: one succeeds', async (lost) => {
  const { id, code } = await challenged();
  await stack.fault('dynamodb', 'lost-reply', lost);
  const answers = await together(() => api.verify(id, code));
  await stack.clearFaults();
  const [verified, unknown] = [withStatus(answers, 200), withStatus(answers, 503)];
  expect(verified.length).toBeLessThanOrEqual(1);
  expect(verified.length + unknown.length).toBeGreaterThan(0);
  expect((await api.status(id)).body.status).toBe('verified');
  expect((await api.verify(id, code)).status).toBe(410);
});

test('twenty right codes under keys, all replies lost: sent again, one succeeds and always the same', async () => {
  const { id, code } = await challenged();
  const send = (place: number) => api.verify(id, code, { key: `key-${place}` });
  await stack.fault('dynamodb', 'lost-reply', 10_000);
  expect(withStatus(await together(send), 200)).toEqual([]);
  await stack.clearFaults();
  const again = await together((place) => honestly(() => send(place)));
  expect(withStatus(again, 200)).toHaveLength(1);
  const winner = again.findIndex(({ status }) => status === 200);
  expect((await send(winner)).text).toBe(again[winner]?.text);
});

test('twenty wrong codes under keys, all replies lost and sent again: five attempts, each recorded once', async () => {
  const { id, code } = await challenged();
  const send = (place: number) => api.verify(id, wrong(code, place + 1), { key: `key-${place}` });
  await stack.fault('dynamodb', 'lost-reply', 10_000);
  await together(send);
  await stack.clearFaults();
  const again = await together((place) => honestly(() => send(place)));
  expect(withStatus(again, 422)).toHaveLength(5);
  expect(withStatus(again, 429)).toHaveLength(15);
  const remaining = withStatus(again, 422).map(({ body }) => body.attemptsRemaining);
  expect(remaining.toSorted()).toEqual([0, 1, 2, 3, 4]);
});

test('a backup code twenty times while replies are lost: it is used once', async () => {
  const person = await enrol(stack);
  const { codes } = (await api.generate(person.userId, { kind: 'static', count: 2 })).body;
  await stack.quiet();
  await stack.fault('dynamodb', 'lost-reply', 30);
  const answers = await together(() => api.useBackupCode({ userId: person.userId, code: codes[0] }));
  await stack.clearFaults();
  const [used, unknown] = [withStatus(answers, 200), withStatus(answers, 503)];
  expect(used.length).toBeLessThanOrEqual(1);
  expect(used.length + unknown.length).toBeGreaterThan(0);
  await stack.quiet();
  const { remaining } = (await api.countCodes(person.userId)).body.static;
  const late = await api.useBackupCode({ userId: person.userId, code: codes[0] });
  expect(remaining === 1 ? late.status !== 200 : used.length === 0).toBe(true);
  expect((await api.countCodes(person.userId)).body.static.remaining).toBeGreaterThanOrEqual(remaining - 1);
});
