/** Following a recovery: the step that was answered is never taken for the next one. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Client, createClient, type Recovery } from '../../../shared/client/index.ts';
import { type PretendApi, pretendApi } from './pretend-api.ts';

let server: PretendApi;
let api: Client;
beforeEach(async () => {
  server = await pretendApi();
  api = createClient({ api: server.api, token: () => 'a-token' });
});
afterEach(() => server.stop());

const expiresAt = '2026-03-02T09:15:00Z';
const pending = { recoveryId: 'r', stepNumber: 1, status: 'pending', expiresAt } as const;
const kba = (challengeId: string): Recovery['step'] => ({
  type: 'kba',
  challenge: { challengeId, questions: [], expiresAt },
});
const done = { ...pending, status: 'failed' } as const;
const reply = (body: object, headers: Record<string, string> = {}) => ({ status: 200, body, headers });
const answers = { answers: [{ questionId: 'q', answer: 'a' }] };

test('a step that is still there after its answer is waited out, and so is the gap after it', async () => {
  const asked: Recovery = { ...pending, step: kba('one') };
  const next: Recovery = { ...pending, stepNumber: 2, step: { type: 'backup-code' } };
  server.replies(reply({ verified: true }), reply(asked), reply(pending), reply(next));
  expect(await api.answerStep(asked, answers)).toMatchObject({ ok: true, value: next });
  expect(server.asked.map(({ path }) => path)).toEqual([
    '/v1/kba-challenges/one/check',
    '/v1/recoveries/r',
    '/v1/recoveries/r',
    '/v1/recoveries/r',
  ]);
});

test('the count of steps decides: the next one may look the same', async () => {
  const asked = { ...pending, step: { type: 'backup-code' } } as const;
  const next = { ...asked, stepNumber: 2 };
  server.replies(reply({ verified: true }), reply(asked), reply(next));
  expect(await api.answerStep(asked, { code: '0000-0000-0000-0000' })).toMatchObject({
    value: { stepNumber: 2 },
  });
  expect(server.asked).toHaveLength(3);
});

test('it asks again when Retry-After says', async () => {
  const asked: Recovery = { ...pending, step: kba('one') };
  server.replies(reply({ verified: true }), reply(asked, { 'retry-after': '1' }), reply(done));
  const began = Date.now();
  expect(await api.answerStep(asked, answers)).toMatchObject({ value: { status: 'failed' } });
  expect(Date.now() - began).toBeGreaterThanOrEqual(990);
});

test('a path whose first step is in the answer needs no other look', async () => {
  const choose: Recovery = { ...pending, step: { type: 'choose', paths: ['kba'] } };
  server.replies(reply({ ...pending, stepNumber: 2, step: kba('one') }));
  expect(await api.answerStep(choose, { path: 'kba' })).toMatchObject({ value: { step: { type: 'kba' } } });
  expect(server.asked).toHaveLength(1);
});

test('a start is waited for until its first step is there', async () => {
  server.replies({ ...reply(pending), status: 201 }, reply(pending), reply({ ...pending, step: kba('one') }));
  expect(await api.startRecovery({ userId: 'alice' })).toMatchObject({ value: { step: { type: 'kba' } } });
});

test('a step whose coming was missed is waited for again', async () => {
  const asked: Recovery = { ...pending, step: kba('one') };
  server.replies(
    reply(asked),
    reply(pending),
    reply({ ...pending, stepNumber: 2, step: { type: 'backup-code' } }),
  );
  expect(await api.nextStep(asked)).toMatchObject({ value: { step: { type: 'backup-code' } } });
});

test('a wrong answer is a problem, and nothing is waited for', async () => {
  const body = { type: '', title: '', status: 422, code: 'code-rejected', detail: '', attemptsRemaining: 2 };
  server.replies({ status: 422, body });
  expect(await api.answerStep({ ...pending, step: kba('one') }, answers)).toMatchObject({
    ok: false,
    problem: { code: 'code-rejected', attemptsRemaining: 2 },
  });
  expect(server.asked).toHaveLength(1);
});

test('an answer of another kind is refused before anything is sent', async () => {
  const asked: Recovery = { ...pending, step: kba('one') };
  await expect(api.answerStep(asked, { code: '123456' })).rejects.toThrow('a step kba takes no code');
  await expect(api.answerStep(pending, { code: '123456' })).rejects.toThrow('has not come yet');
  expect(server.asked).toEqual([]);
});
