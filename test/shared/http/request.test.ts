/** A request as HTTP APIs hand it over: claims are text, a list is `[a b]`, a body is text or base64. */
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { optional } from '../../../shared/http/optional.ts';
import { Answered, type ApiEvent, readRequest } from '../../../shared/http/request.ts';

function callerWith(claims: Record<string, unknown>, clientIdClaim = 'client_id', operatorClaim?: string) {
  const event = {
    headers: {},
    rawPath: '/v1/policy',
    requestContext: { http: { method: 'GET' }, authorizer: { jwt: { claims, scopes: null } } },
  };
  return readRequest(event as unknown as ApiEvent, {}, { clientIdClaim, operatorClaim }, null).token;
}

const tokens = { clientIdClaim: 'client_id' };

const scopesWith = (claims: Record<string, unknown>) =>
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
    ['a list in roles', { roles: '[mfa/helpdesk mfa/admin]' }, ['mfa/helpdesk', 'mfa/admin']],
    ['one in roles', { roles: 'mfa/admin' }, ['mfa/admin']],
    ['a list with commas', { roles: '[mfa/helpdesk, mfa/admin]' }, ['mfa/helpdesk', 'mfa/admin']],
    ['a list as JSON', { scp: '["openid","mfa/admin"]' }, ['openid', 'mfa/admin']],
    ['a list that is one', { roles: ['mfa/helpdesk'] }, ['mfa/helpdesk']],
    ['roles beside a scp of others', { scp: 'access_as_user', roles: '[mfa/helpdesk]' }, ['mfa/helpdesk']],
  ])('are those of the token: %s', (_, claims, scopes) => {
    expect(scopesWith(claims)).toEqual(scopes);
  });

  test.each([
    ['neither claim', {}],
    ['an empty text', { scope: '' }],
    ['an empty list', { scp: '[]' }],
    ['other claims that look like it', { scopes: 'mfa/admin', role: '[mfa/admin]', groups: '[mfa/admin]' }],
    ['scp beside a scope that is empty', { scope: '', scp: 'mfa/admin' }],
  ])('are none with %s', (_, claims) => {
    expect(scopesWith(claims)).toEqual([]);
  });

  test('of roles do not widen what a scope of ours grants', () => {
    expect(scopesWith({ scope: 'mfa/signin', roles: '[mfa/admin]' })).toEqual(['mfa/signin']);
    expect(scopesWith({ scp: '[mfa/helpdesk]', roles: '[mfa/admin]' })).toEqual(['mfa/helpdesk']);
  });

  test.each(['mfa/helpdesk,mfa/admin', 'mfa/helpdesk\tmfa/admin', '[mfa/helpdesk', '"mfa/admin"'])(
    'are not read out of the text %j',
    (scope) => {
      expect(scopesWith({ scope })).toEqual([scope]);
    },
  );

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

describe('the operator', () => {
  const operatorWith = (claims: Record<string, unknown>, claim: string) =>
    callerWith({ client_id: 'helpdesk', ...claims }, 'client_id', claim).operator;

  test.each([
    ['preferred_username', { preferred_username: 'olga@corp.example' }, 'olga@corp.example'],
    ['entra:{tid}:{oid}', { tid: 't-1', oid: 'o-2' }, 'entra:t-1:o-2'],
    ['{sub}', { sub: 'auth0|5f7c8e' }, 'auth0|5f7c8e'],
  ])('is what %s says', (claim, claims, operator) => {
    expect(operatorWith(claims, claim)).toBe(operator);
  });

  test.each([
    ['entra:{tid}:{oid}', { tid: 't-1' }],
    ['entra:{tid}:{oid}', { tid: 't-1', oid: '' }],
    ['sub', { sub: 'a/b' }],
    ['sub', { sub: 7 }],
  ])('is nobody where %s is not all there or makes no name: %j', (claim, claims) => {
    expect(operatorWith(claims, claim)).toBeUndefined();
  });
});

describe('a body', () => {
  const schemas = { body: z.strictObject({ name: optional(z.string()), inner: optional(z.unknown()) }) };

  function readBody(body: string | Buffer, encoded = typeof body !== 'string') {
    const event = {
      headers: { 'content-type': 'application/json' },
      rawPath: '/v1/policy',
      body: encoded ? Buffer.from(body).toString('base64') : String(body),
      isBase64Encoded: encoded,
      requestContext: { http: { method: 'POST' }, authorizer: { jwt: { claims: { client_id: 'c' } } } },
    };
    return readRequest(event as unknown as ApiEvent, schemas, tokens, null).body;
  }

  function refusalOf(body: string | Buffer, encoded?: boolean) {
    try {
      readBody(body, encoded);
    } catch (error) {
      if (error instanceof Answered) return JSON.parse(String((error.answer as { body: string }).body));
      throw error;
    }
    throw new Error('it was read');
  }

  test('is read after a byte order mark, as Notepad and PowerShell write it', () => {
    for (const encoded of [false, true]) {
      expect(readBody('\uFEFF{"name":"José"}', encoded)).toEqual({ name: 'José' });
      expect(readBody('\uFEFF', encoded)).toEqual({});
    }
  });

  test('that is not UTF-8 is refused, whoever decoded it', () => {
    const latin = Buffer.from('{"name":"Jos\xe9"}', 'latin1');
    const utf16 = Buffer.from('\uFEFF{"name":"a"}', 'utf16le');
    for (const refusal of [refusalOf(latin), refusalOf(utf16), refusalOf(latin.toString('utf8'))])
      expect(refusal).toMatchObject({
        code: 'invalid-request',
        errors: [{ pointer: '', detail: expect.stringContaining('The body is not UTF-8') }],
      });
  });

  test.each([
    ['{"name":"a\\ud800"}', '/name'],
    ['{"name":"\\udc00b"}', '/name'],
    ['{"inner":[{"x":["\\ud83d"]}]}', '/inner/0/x/0'],
    ['{"inner":{"\\ud83d":1}}', '/inner'],
  ])('with half a character is refused at its place: %s', (body, pointer) => {
    expect(refusalOf(body)).toMatchObject({ code: 'invalid-request', errors: [{ pointer }] });
  });

  test('with whole characters and backslashes is read', () => {
    expect(readBody('{"name":"\\ud83d\\ude00 \\\\ud800"}')).toEqual({ name: '😀 \\ud800' });
  });

  test('that is deep is read as quickly as any', () => {
    const depth = 8_000;
    expect(readBody(`{"inner":${'['.repeat(depth)}${']'.repeat(depth)}}`)).toHaveProperty('inner');
  });

  test('leaves out a field by null', () => {
    expect(readBody('{"name":null}').name).toBeUndefined();
    expect(JSON.stringify(readBody('{"name":null}'))).toBe('{}');
    expect(refusalOf('{"other":null}').errors).toMatchObject([{ pointer: '/other' }]);
  });
});

describe('a query that the route does not take', () => {
  const parts = { headers: {}, rawPath: '/', queryStringParameters: { probe: '\uFFFD' } };

  test('is passed over where no token is needed, whatever its bytes', () => {
    const event = { ...parts, requestContext: {} };
    expect(readRequest(event as unknown as ApiEvent, {}, tokens, null).query).toEqual({});
  });

  test('is refused behind a token', () => {
    const event = { ...parts, requestContext: { authorizer: { jwt: { claims: { client_id: 'a' } } } } };
    expect(() => readRequest(event as unknown as ApiEvent, {}, tokens, null)).toThrow(Answered);
  });
});
