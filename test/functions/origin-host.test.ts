/** Whose page a code by SMS is filled in at. */
import { expect, test } from 'vitest';
import { originHostFor } from '../../functions/deliver/origin-host.ts';

const hosts = { ASSERTION_ISSUER: 'https://mfa.example.com', SMS_ORIGIN_HOST: 'login.example.com' };

test.each([
  ['web-login', 'login.example.com'],
  ['page:web-login', 'mfa.example.com'],
  ['entra:11111111-2222-4333-8444-555555555555', 'mfa.example.com'],
  ['windows:offices', undefined],
])('a code of %s is bound to %s', (client, host) => {
  expect(originHostFor(client, hosts)).toBe(host);
});

test('without a page of the clients nothing but the sign-in page binds one', () => {
  const { SMS_ORIGIN_HOST: _, ...others } = hosts;
  expect(originHostFor('web-login', others)).toBeUndefined();
  expect(originHostFor('page:web-login', others)).toBe('mfa.example.com');
});
