/** `PATCH /v1/users/{userId}` against a started stack: what stays, what goes, and a rename that loses nothing. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { borrowStack, type Stack } from '../stack.ts';
import { ownName } from '../support/own-name.ts';
import { caller, codeSentTo, put, userPath } from './people.ts';
import { enrolRecovering, rightAnswers } from './recovering.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await borrowStack();
});
afterAll(() => stack.stop());

const patch = async (name: string, body: object, type = 'application/merge-patch+json') =>
  stack.request('PATCH', userPath(name), {
    token: await stack.token('admin'),
    body: JSON.stringify(body),
    headers: { 'content-type': type },
  });

test('what is absent stays, null removes, and plain JSON is taken too', async () => {
  const name = ownName('patched');
  await put(stack, name, { phone: '+12025550401', email: 'p@example.com', displayName: 'P', enabled: false });
  expect((await patch(name, { phone: null, displayName: 'Q' })).body).toMatchObject({
    displayName: 'Q',
    email: 'p@example.com',
    enabled: false,
    methods: ['Email'],
  });
  const { body } = await patch(name, { displayName: null, enabled: null }, 'application/json');
  expect(body).toMatchObject({ enabled: true, email: 'p@example.com' });
  expect(body).not.toHaveProperty('displayName');
  expect((await patch(name, { displayName: 'x' }, 'text/plain')).status).toBe(415);
});

test('an alias given twice and the own userId are no further names; another form of one is shown as given', async () => {
  const name = ownName('merged');
  const aliases = [`${name}-a`, `${name}-A`, name.toUpperCase(), `CORP\\${name}`];
  expect((await put(stack, name, { aliases })).body.aliases).toEqual([`${name}-a`, `CORP\\${name}`]);
  expect((await patch(name, { userId: `${name}-A` })).body.aliases).toEqual([`CORP\\${name}`]);
});

test('ten aliases are the most, and neither the own userId nor another form of a name is one', async () => {
  const name = ownName('ten');
  const ten = Array.from({ length: 10 }, (_, index) => `${name}-b${index}`);
  const forms = [...ten, `CORP\\${name}-b0`, `${name}-b1@corp.example`, `CORP\\${name}`];
  expect(await put(stack, name, { aliases: [...forms, name] })).toMatchObject({
    status: 201,
    body: { userId: name, aliases: forms },
  });
  // The path has an alias that the body leaves out.
  expect(await put(stack, `${name}-b0`, { aliases: [name, ...ten.slice(1), `${name}-c`] })).toMatchObject({
    status: 200,
    body: { userId: name, aliases: [...ten.slice(1), `${name}-c`] },
  });
  const eleven = { aliases: [...ten, `${name}-c`] };
  for (const answer of [
    await put(stack, name, eleven),
    await put(stack, ownName('eleven'), eleven),
    await patch(name, eleven),
  ])
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/aliases' }] } });
});

test('protection is given and taken by PATCH, and its end is told', async () => {
  const name = ownName('guarded');
  await put(stack, name, { email: `${name}@example.com` });
  expect((await patch(name, { protected: true })).body.protected).toBe(true);
  expect((await patch(name, { displayName: 'G' })).body.protected).toBe(true);
  await stack.quiet();
  expect(await stack.outbox(`${name}@example.com`)).toEqual([]);
  expect((await patch(name, { protected: null })).body.protected).not.toBe(true);
  await stack.quiet();
  expect(await stack.outbox(`${name}@example.com`)).toHaveLength(1);
});

test('a rename keeps codes, questions and the record, frees the old name at once, and is told', async () => {
  const person = await enrolRecovering(stack);
  const api = caller(stack);
  const started = await api.start(person.userId, { method: 'Email' });
  const code = await codeSentTo(stack, person.email);
  const before = (await stack.request('GET', userPath(person.userId), { token: await stack.token('admin') }))
    .body;
  const renamed = `${person.userId}-renamed`;
  expect((await patch(person.userId, { userId: renamed })).body).toMatchObject({
    userId: renamed,
    reference: before.reference,
    securityQuestions: before.securityQuestions,
  });
  // Asked under a name that is no longer theirs.
  expect((await api.verify(started.body.challengeId, code)).body.code).toBe('challenge-closed');
  expect((await patch(person.userId, {})).status).toBe(404);
  expect((await put(stack, person.userId, { email: 'somebody@example.com' })).status).toBe(201);
  await stack.quiet();
  const subjects = (await stack.outbox(person.email)).map(({ subject }) => subject);
  expect(subjects).toContain('Your names for signing in were changed');
});

test('a name that somebody has is a conflict, and an inbox that is the email’s is refused', async () => {
  const name = ownName('conflict');
  await put(stack, name, { email: 'conflict@example.com' });
  expect((await patch(name, { userId: 'alice' })).body).toMatchObject({ code: 'conflict' });
  expect((await patch(name, { alternateEmail: 'Conflict+1@example.com' })).body).toMatchObject({
    code: 'invalid-request',
    errors: [{ pointer: '/alternateEmail' }],
  });
});

test('the same questions again are no change, and nobody is told', async () => {
  const { userId } = await enrolRecovering(stack);
  const securityQuestions = Object.entries(rightAnswers).map(([questionId, answer]) => ({
    questionId,
    answer,
  }));
  await patch(userId, { securityQuestions });
  await stack.quiet();
  await stack.clearOutbox();
  expect((await patch(userId, { securityQuestions })).status).toBe(200);
  await stack.quiet();
  expect(await stack.outbox()).toEqual([]);
});
