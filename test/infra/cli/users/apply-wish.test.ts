/** How a person is brought to what a row asks for, and at which column a refusal of the API stands. */
import { expect, test } from 'vitest';
import { applyWish } from '../../../../infra/cli/users/import/apply-wish.ts';
import { patience } from '../../../../infra/cli/users/import/patience.ts';
import type { Client } from '../../../../shared/client/client.ts';

const erin = { userId: 'erin', email: 'erin@example.com', enabled: true, methods: ['Email'] };
const problem = (code: string, more: object = {}) => ({ ok: false, problem: { code, ...more } });

/** What the API answers to reading the person and, where it comes to that, to writing. */
async function applied(fields: object, read: object, write: object = problem('unavailable')) {
  const asked: unknown[] = [];
  const client = {
    request: async (operation: string, input: unknown) => {
      asked.push(operation, input);
      return operation === 'readUser' ? read : write;
    },
  } as unknown as Client;
  return {
    ...(await applyWish({ userId: 'erin', fields: { ...fields } }, client, patience(), false)),
    asked,
  };
}

test('a name that means another person’s alias is refused, and nothing is written', async () => {
  const outcome = await applied({ phone: '+12025550123' }, { ok: true, value: { ...erin, userId: 'frank' } });
  expect(outcome).toMatchObject({
    kind: 'refused',
    field: 'userId',
    reason: 'This is a name of frank already.',
  });
  expect(outcome.asked).not.toContain('enrolUser');
});

test('protection that is not there is not taken off', async () => {
  const outcome = await applied({ protected: false, enabled: true }, { ok: true, value: erin });
  expect(outcome.kind).toBe('unchanged');
  expect(outcome.asked).not.toContain('enrolUser');
});

test('protection that is there is', async () => {
  const read = { ok: true, value: { ...erin, protected: true } };
  const outcome = await applied({ protected: false }, read, { ok: true, value: erin });
  expect(outcome.kind).toBe('changed');
  expect(outcome.asked.at(-1)).toMatchObject({ body: { protected: false, email: erin.email } });
});

test.each([
  [['e1', 'alice'], 'alice', 'aliases'],
  [['e1'], 'erin', 'userId'],
  [undefined, 'erin', 'userId'],
])('of %j somebody else has %s: refused at %s', async (aliases, taken, field) => {
  const detail = `Another person has the name ${taken}. Nothing was changed.`;
  expect(await applied({ aliases }, problem('not-found'), problem('conflict', { detail }))).toMatchObject({
    kind: 'refused',
    field,
    reason: `conflict: ${detail}`,
  });
});

test.each([
  ['/phone', 'phone'],
  ['/path/userId', 'userId'],
  ['/aliases/0', 'aliases'],
  ['/securityQuestions/1/answer', 'answer2'],
  ['/securityQuestions/0/questionId', 'question1'],
])('what the API points at as %s stands at %s', async (pointer, field) => {
  const refusal = problem('invalid-request', { errors: [{ pointer, detail: 'Use another.' }] });
  expect(await applied({ phone: '1' }, problem('not-found'), refusal)).toMatchObject({
    kind: 'refused',
    field,
    reason: 'Use another.',
  });
});
