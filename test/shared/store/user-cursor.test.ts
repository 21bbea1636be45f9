/** Cursors of the list of users: what no page gave never becomes a key of the table. */
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { backendOn, enrolSomebody, someKey } from '../../support/person.ts';
import { startTable } from '../../support/table.ts';

const table = await startTable();
afterAll(() => table.close());
const { users, ...backend } = backendOn(table);

const cursorOf = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');
const key = `user#${someKey('somebody')}`;

test.each([
  ['nothing', ''],
  ['no JSON', Buffer.from('[').toString('base64url')],
  ['null', cursorOf(null)],
  ['an object', cursorOf({ 0: key, 1: 'somebody' })],
  ['no name', cursorOf([key])],
  ['an empty name', cursorOf([key, ''])],
  ['a name that is none', cursorOf([key, 'some"body'])],
  ['a name of a thousand characters', cursorOf([key, 'a'.repeat(1_000)])],
  ['no user', cursorOf(['user#', 'somebody'])],
  ['an item of another kind', cursorOf([key.replace('user', 'recovery'), 'somebody'])],
])('one that holds %s is refused', async (_, cursor) => {
  expect(await users.list(10, cursor)).toBeUndefined();
  expect(await users.list(10, cursorOf([key, 'somebody']))).toMatchObject({ users: [] });
});

test('any text is refused or goes on in the list', async () => {
  const texts = fc.oneof(fc.string(), fc.json(), fc.tuple(fc.string(), fc.string()).map(cursorOf));
  const property = fc.asyncProperty(texts, async (cursor) => {
    expect(await users.list(1, cursor)).toBeUndefined();
  });
  await fc.assert(property);
});

test('that of a page leads to the next', async () => {
  const names = [await enrolSomebody({ ...backend, users }), await enrolSomebody({ ...backend, users })];
  const first = await users.list(1, undefined);
  const second = await users.list(1, first?.cursor);
  const found = [first, second].flatMap((page) => page?.users.map(({ enrolment }) => enrolment.userId));
  expect(found.toSorted()).toEqual(names.toSorted());
});
