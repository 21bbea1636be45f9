/** Who calls, read off the claims as HTTP APIs hand them over: every value as text, a list as `[a b]`. */
import { describe, expect, test } from 'vitest';
import { Answered, type ApiEvent, readRequest } from '../../../shared/http/request.ts';

function callerWith(claims: Record<string, string>, clientIdClaim = 'client_id') {
  const event = {
    headers: {},
    rawPath: '/v1/policy',
    requestContext: { http: { method: 'GET' }, authorizer: { jwt: { claims, scopes: null } } },
  };
  return readRequest(event as unknown as ApiEvent, {}, clientIdClaim).caller;
}

const scopesWith = (claims: Record<string, string>) =>
  callerWith({ client_id: 'web-login', ...claims }).scopes;

describe('scopes', () => {
  test.each([
    ['one in scope', { scope: 'mfa/admin' }, ['mfa/admin']],
    ['several in scope', { scope: 'openid mfa/admin' }, ['openid', 'mfa/admin']],
    ['a list in scope', { scope: '[openid mfa/admin]' }, ['openid', 'mfa/admin']],
    ['one in scp', { scp: 'mfa/admin' }, ['mfa/admin']],
    ['several in scp', { scp: 'openid mfa/admin' }, ['openid', 'mfa/admin']],
    ['a list in scp', { scp: '[openid mfa/admin]' }, ['openid', 'mfa/admin']],
    ['a list of one in scp', { scp: '[mfa/admin]' }, ['mfa/admin']],
  ])('are those of the token: %s', (_, claims, scopes) => {
    expect(scopesWith(claims)).toEqual(scopes);
  });

  test.each([
    ['neither claim', {}],
    ['an empty text', { scope: '' }],
    ['an empty list', { scp: '[]' }],
    ['other claims that look like it', { scopes: 'mfa/admin', roles: '[mfa/admin]' }],
    ['scp beside a scope that is empty', { scope: '', scp: 'mfa/admin' }],
  ])('are none with %s', (_, claims) => {
    expect(scopesWith(claims)).toEqual([]);
  });

  test('are those of scope where the token has both claims', () => {
    expect(scopesWith({ scope: 'mfa/helpdesk', scp: '[mfa/admin]' })).toEqual(['mfa/helpdesk']);
  });
});

describe('the client', () => {
  test.each(['client_id', 'azp', 'appid', 'cid'])('is the one that %s names, and no other claim', (claim) => {
    expect(callerWith({ [claim]: 'web-login', sub: 'another' }, claim).client).toBe('web-login');
    expect(() => callerWith({ sub: 'another' }, claim)).toThrow(Answered);
  });
});
