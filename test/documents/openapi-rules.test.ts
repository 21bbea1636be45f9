/** The OpenAPI document says what a started stack does beyond the shapes: defaults, refusals, pointers and locks. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';
import { caller, enrol, put, userPath } from '../e2e/people.ts';
import { borrowStack, type Json, type Stack } from '../stack.ts';
import { document, follow } from './described.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await borrowStack();
});
afterAll(() => stack.stop());

const bodyOf = (method: string, path: string): Json =>
  document.paths[path][method].requestBody.content['application/json'].schema;
const generateBodies: Json[] = bodyOf('post', '/v1/users/{userId}/backup-codes').oneOf;
const generateBody = generateBodies.find(({ properties }) => properties.kind.const === 'one-time');

/** What each shape of a union takes: all of it required, and nothing beyond. */
function shapesOf({ oneOf }: Json): string[][] {
  return oneOf.map(({ properties, required, additionalProperties }: Json) => {
    expect(additionalProperties).toBe(false);
    expect(Object.keys(properties).toSorted()).toEqual(required.toSorted());
    return required;
  });
}

async function generate(body: object, userId?: string) {
  const id = userId ?? (await enrol(stack)).userId;
  const token = await stack.token('helpdesk');
  return stack.request('POST', `${userPath(id)}/backup-codes`, {
    token,
    body: { operator: 'olga', reason: 'lost the phone', ...body },
  });
}

test.each(['one-time', 'static'])(
  'as many %s codes are made as it says where count is left out',
  async (kind) => {
    const { body } = await generate({ kind });
    expect(generateBody.properties.count.description).toContain(`${body.codes.length} for ${kind}`);
  },
);

test('one-time codes live as long as it says where expiresInSeconds is left out, and static ones have no end', async () => {
  const { body } = await generate({ kind: 'one-time' });
  const seconds = Math.round((Date.parse(body.expiresAt) - (await stack.now())) / 60_000) * 60;
  expect(generateBody.properties.expiresInSeconds.description).toContain(`Default: ${seconds} `);
  expect((await generate({ kind: 'static' })).body).not.toHaveProperty('expiresAt');
});

test('a lifetime of static codes is refused by the code and by the schema', async () => {
  const { status, body } = await generate({ kind: 'static', expiresInSeconds: 3_600 });
  expect({ status, pointer: body.errors[0].pointer }).toEqual({ status: 400, pointer: '/expiresInSeconds' });
  const lifetimes = generateBodies.map(({ properties: { kind, expiresInSeconds } }) => [
    kind.const,
    expiresInSeconds !== undefined,
  ]);
  expect(Object.fromEntries(lifetimes)).toEqual({ 'one-time': true, static: false });
  expect(generateBodies.map((one) => one.additionalProperties)).toEqual([false, false]);
});

test('an operator who is the user is refused, as it says at the field', async () => {
  const { userId } = await enrol(stack);
  const { status, body } = await generate({ kind: 'static', operator: userId.toUpperCase() }, userId);
  expect({ status, code: body.code }).toEqual({ status: 403, code: 'forbidden' });
  expect(generateBody.properties.operator.description).toContain('not the user who gets them');
});

test('an enrolment that does not say enabled enables, as its default says', async () => {
  const { userId, email } = await enrol(stack, { enabled: false });
  const { body } = await put(stack, userId, { email });
  expect(body.enabled).toBe(bodyOf('put', '/v1/users/{userId}').properties.enabled.default);
});

test('a question with both questionId and text, or neither, is refused by the code and by the schema', async () => {
  const { securityQuestions } = bodyOf('put', '/v1/users/{userId}').properties;
  expect(shapesOf(securityQuestions.items)).toEqual([
    ['questionId', 'answer'],
    ['text', 'answer'],
  ]);
  for (const named of [{}, { questionId: 'first-concert', text: 'What did you hear first?' }]) {
    const question = { ...named, answer: 'The Tin Whistles' };
    const { body } = await put(stack, 'somebody', { securityQuestions: [question] });
    expect(body.errors).toContainEqual({
      pointer: '/securityQuestions/0',
      detail: 'Use either questionId or text.',
    });
  }
});

test('a backup code with both userId and recoveryId, or neither, is refused by the code and by the schema', async () => {
  expect(shapesOf(bodyOf('post', '/v1/backup-codes/verify'))).toEqual([
    ['userId', 'code'],
    ['recoveryId', 'code'],
  ]);
  const token = await stack.token('web-login');
  for (const whose of [{}, { userId: 'somebody', recoveryId: 'one' }]) {
    const body = { ...whose, code: '0000-0000-0000-0000' };
    const answer = await stack.request('POST', '/v1/backup-codes/verify', { token, body });
    expect(answer.body.errors).toEqual([{ pointer: '', detail: 'Send either userId or recoveryId.' }]);
  }
});

test('a refused token is answered with the challenge that it says', async () => {
  const path = '/v1/users/{userId}';
  const { responses } = document.paths[path].get;
  const signin = await stack.token('web-login');
  for (const [status, options] of [
    [401, {}],
    [403, { token: signin }],
  ] as const) {
    const answer = await stack.request('GET', userPath('alice'), options);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    expect(follow(responses[status]).headers).toHaveProperty('WWW-Authenticate');
  }
});

test('a fault’s pointer leads into the body, to a parameter or to a header in the way it says', async () => {
  const token = await stack.token('admin');
  const pointers = async (method: string, path: string, more: object) => {
    const { body } = await stack.request(method, path, { token, ...more });
    return body.errors.map(({ pointer }: Json) => pointer);
  };
  const codes = '/v1/users/alice/backup-codes';
  expect(await pointers('PUT', '/v1/users/alice', { body: { enabled: 'yes' } })).toEqual(['/enabled']);
  expect(await pointers('PUT', '/v1/users/alice', { body: [] })).toEqual(['']);
  expect(await pointers('GET', '/v1/users?limit=0', {})).toEqual(['/query/limit']);
  expect(await pointers('GET', '/v1/users/a%22b', {})).toEqual(['/path/userId']);
  const headers = { 'idempotency-key': 'a b' };
  expect(
    await pointers('POST', codes, { headers, body: { kind: 'static', operator: 'olga', reason: 'lost' } }),
  ).toEqual(['Idempotency-Key']);
  const { pointer } = document.components.schemas.Problem.properties.errors.items.properties;
  for (const place of ['body', 'empty', '/path/', '/query/', 'header']) {
    expect(pointer.description).toContain(place);
  }
});

test('a wait begins with the wrong attempt that it says and is as long, and the user shows it', async () => {
  const { attemptsBeforeWait, firstWaitSeconds } = defaultPolicy.lockout;
  const api = caller(stack);
  const { userId } = await enrol(stack);
  const use = () => api.call('POST', '/v1/backup-codes/verify', { userId, code: '0000000000000000' });
  for (let wrong = 1; wrong <= attemptsBeforeWait; wrong += 1) expect((await use()).status).toBe(422);
  const { status, headers } = await use();
  const { responses } = document.paths['/v1/backup-codes/verify'].post;
  const said = `Attempt number ${attemptsBeforeWait} within 24 h and every later one is followed by a wait: ${firstWaitSeconds} s`;
  expect(responses[429].description).toContain(said);
  expect(status).toBe(429);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(firstWaitSeconds - 10);
  expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(firstWaitSeconds);
  const token = await stack.token('helpdesk');
  const { body } = await stack.request('GET', userPath(userId), { token });
  expect(body.lock.kind).toBe('wait');
  expect(document.components.schemas.User.properties.lock.description).toContain(said);
});
