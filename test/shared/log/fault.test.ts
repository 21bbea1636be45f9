/** What the log says of an error. */
import { expect, test } from 'vitest';
import { Unavailable } from '../../../shared/domain/faults.ts';
import { cameFrom, faultOf } from '../../../shared/log/fault.ts';

const named = (name: string, more: object = {}) =>
  Object.assign(new Error('alice@example.com'), { name, ...more });

test('an error that came from a service has its name before its own', () => {
  const error = named('TimeoutError');
  cameFrom('KMS', error);
  expect(faultOf(error)).toBe('kms TimeoutError');
  expect(Object.keys(error)).toEqual(['name']);
});

test('what is unavailable by the rules of the domain says what of it', () => {
  expect(faultOf(new Unavailable('raced-user-record'))).toBe('raced-user-record Unavailable');
});

test('an error of our own code has its name alone, and one that is called `Error` the code of the system', () => {
  expect(faultOf(new TypeError('alice@example.com'))).toBe('TypeError');
  expect(faultOf(new Error('alice@example.com'))).toBe('Error');
  expect(faultOf(named('Error', { code: 'ECONNREFUSED' }))).toBe('ECONNREFUSED');
});

test('neither a message nor anything that is no name comes through', () => {
  const names = ['alice@example.com', '+12025550123', '49302718', 'no such user', '', 'a'.repeat(65)];
  for (const name of names) {
    expect(faultOf(named(name))).toBe('Error');
    expect(faultOf(named('Error', { code: name }))).toBe('Error');
  }
  for (const thrown of ['alice@example.com', undefined, null, { name: 'TimeoutError' }])
    expect(faultOf(thrown)).toBe('unknown');
});
