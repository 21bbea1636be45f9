/** What a request is told apart by. */
import { expect, test } from 'vitest';
import { idempotencyOf } from '../../../../shared/domain/identifiers/request-id.ts';

const of = (body: unknown) => idempotencyOf('web-login', '/v1/nothing', 'key', body).body;

test('a request without a body, such as to a path that does not exist, has a digest too', () => {
  expect(of(undefined)).toMatch(/^[\w-]{22}$/);
  expect(of(undefined)).toBe(of(undefined));
  expect(of(undefined)).not.toBe(of({}));
});
