/** Requests where something stands in front of the API and adds a secret. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { refusedByFront } from '../../../shared/http/front.ts';

const digestOf = (secret: string) => createHash('sha256').update(secret).digest('hex');
const [one, other] = [digestOf('one'), digestOf('other')];
const from = (secret?: string) => ({ headers: { host: 'x', ...(secret && { 'x-mfa-front': secret }) } });

describe('a request where something stands in front', () => {
  it('goes on with the secret, and with either of two while they rotate', () => {
    expect(refusedByFront(from('one'), [one])).toBeUndefined();
    expect(refusedByFront(from('one'), [one, other])).toBeUndefined();
    expect(refusedByFront(from('other'), [one, other])).toBeUndefined();
  });

  it.each([
    ['without one', undefined],
    ['with another', 'third'],
    ['with the digest itself', one],
  ])('is forbidden %s', (_, secret) => {
    expect(refusedByFront(from(secret), [one, other])?.statusCode).toBe(403);
    expect(refusedByFront({}, [one])?.statusCode).toBe(403);
  });

  it('is not looked at where nothing does', () => {
    expect(refusedByFront(from(), [])).toBeUndefined();
  });
});
