/** The local API Gateway and the issuer of access tokens, over HTTP. */
import { rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClock } from '../../../../infra/local/clock/clock.ts';
import { createGateway } from '../../../../infra/local/gateway/gateway.ts';
import { type LocalServer, openServer, PortTakenError } from '../../../../infra/local/gateway/server.ts';
import { createFunctions, type Functions } from '../../../../infra/local/lambda/functions.ts';
import { readAssembly } from '../../../../infra/local/template/assembly.ts';
import { createTemplate } from '../../../../infra/local/template/template.ts';
import { createTokenIssuer } from '../../../../infra/local/token-issuer/issuer.ts';
import { writeAssembly } from '../fixtures/assembly.ts';

const directory = writeAssembly();
let server: LocalServer;
let functions: Functions;

beforeAll(async () => {
  server = await openServer(0);
  const { origin } = server;
  const assembly = readAssembly(directory);
  const template = createTemplate(assembly, { origin, queueOrigin: () => 'http://127.0.0.1:9' });
  const clock = createClock();
  functions = createFunctions({ template, assembly, clock, serviceEnvironment: {}, log: () => {} });
  const issuer = await createTokenIssuer({ issuer: `${origin}/oauth2`, audience: 'mfa-fallback' });
  server.serve([issuer, { owns: () => true, handle: createGateway(template, functions) }]);
});
afterAll(async () => {
  await server.stop();
  await functions.stop();
  rmSync(directory, { recursive: true });
});

const statusWithHost = (path: string, host: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    const outgoing = httpRequest(server.origin + path, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });

const askForToken = (client: string, secret: string, scope?: string) =>
  fetch(`${server.origin}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${client}:${secret}`)}` },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      ...(scope === undefined ? {} : { scope }),
    }),
  });
const tokenOf = async (client: string): Promise<string> => {
  const { access_token: token } = (await (await askForToken(client, 'local')).json()) as {
    access_token: string;
  };
  return token;
};

async function send(method: string, path: string, options: RequestInit & { token?: string } = {}) {
  const { token, headers, ...rest } = options;
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(server.origin + path, {
    method,
    headers: { ...headers, ...authorization },
    ...rest,
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: () => JSON.parse(text) };
}

describe('the token issuer', () => {
  it('is /oauth2, because the origin itself issues assertions', async () => {
    const answer = await send('GET', '/oauth2/.well-known/openid-configuration');
    expect(answer.json()).toMatchObject({
      issuer: `${server.origin}/oauth2`,
      token_endpoint: `${server.origin}/oauth2/token`,
      jwks_uri: `${server.origin}/oauth2/jwks`,
    });
    expect(decodeJwt(await tokenOf('admin')).iss).toBe(`${server.origin}/oauth2`);
  });
  it('takes the secret in the body too, as Cognito does', async () => {
    const body = { grant_type: 'client_credentials', client_id: 'helpdesk' };
    const ask = (secret: string) =>
      fetch(`${server.origin}/oauth2/token`, {
        method: 'POST',
        body: new URLSearchParams({ ...body, client_secret: secret }),
      });
    expect(await (await ask('local')).json()).toMatchObject({ scope: 'mfa/helpdesk' });
    expect((await ask('wrong')).status).toBe(401);
  });
  it('answers HEAD wherever GET does', async () => {
    for (const path of ['/oauth2/jwks', '/oauth2/.well-known/openid-configuration'])
      expect(await send('HEAD', path)).toMatchObject({ status: 200, text: '' });
  });
  it('is closed to other host names, which a web page could point at this machine', async () => {
    expect(await statusWithHost('/oauth2/jwks', 'rebound.example.com')).toBe(403);
    expect(await statusWithHost('/oauth2/jwks', 'localhost:3000')).toBe(200);
  });
  it('grants a client its own scope when none is asked for', async () => {
    expect(await (await askForToken('helpdesk', 'local')).json()).toMatchObject({
      scope: 'mfa/helpdesk',
      token_type: 'Bearer',
    });
  });
  it('refuses a wrong secret and scopes of other clients', async () => {
    expect((await askForToken('admin', 'wrong')).status).toBe(401);
    expect((await askForToken('web-login', 'local', 'mfa/admin')).status).toBe(400);
    expect((await askForToken('web-login', 'local', 'mfa/invented')).status).toBe(400);
  });
});

describe('the authorizer', () => {
  it.each([
    ['no token', undefined],
    ['something that is no token', 'abc'],
    ['a forged signature', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.AAAA'],
    ['an unsigned token', `${btoa('{"alg":"none"}').replace(/=/g, '')}.eyJzdWIiOiJhZG1pbiJ9.AAAA`],
  ])('answers 401 to %s', async (_, token) => {
    const { status, headers, json } = await send(
      'POST',
      '/items/1/check',
      token === undefined ? {} : { token },
    );
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(json()).toMatchObject({ code: 'unauthenticated', message: 'Unauthorized' });
  });

  it('answers 403 to a token without any of the route’s scopes', async () => {
    const { status, json } = await send('POST', '/items/1/check', { token: await tokenOf('admin') });
    expect(status).toBe(403);
    expect(json()).toMatchObject({ code: 'forbidden', message: 'Forbidden' });
  });

  it('lets one of several scopes suffice and hands the claims on as text', async () => {
    const { json } = await send('POST', '/items/special/check', { token: await tokenOf('helpdesk') });
    const { jwt } = json().event.requestContext.authorizer;
    expect(jwt.scopes).toEqual(['mfa/helpdesk']);
    expect(jwt.claims).toMatchObject({ client_id: 'helpdesk', aud: 'mfa-fallback', scope: 'mfa/helpdesk' });
    expect(jwt.claims.exp).toMatch(/^\d+$/);
  });

  it('accepts no token of another audience', async () => {
    const other = await createTokenIssuer({ issuer: `${server.origin}/oauth2`, audience: 'another-api' });
    const stranger = await openServer(0);
    stranger.serve([other]);
    const answer = await fetch(`${stranger.origin}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('web-login:local')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    await stranger.stop();
    expect((await send('POST', '/items/1/check', { token })).status).toBe(401);
  });
});

describe('the event', () => {
  it('carries method, decoded path and parameters, joined headers and query, and the body', async () => {
    const token = await tokenOf('web-login');
    const { json } = await send('POST', '/items/a%2Bb%5Cc%20d/check?x=1&x=2&y=%26', {
      token,
      headers: { 'Content-Type': 'application/json', 'X-Twice': 'one' },
      body: '{"a":1}',
    });
    expect(json().event).toMatchObject({
      version: '2.0',
      routeKey: 'POST /items/{itemId}/check',
      rawPath: '/items/a+b\\c d/check',
      rawQueryString: 'x=1&x=2&y=%26',
      pathParameters: { itemId: 'a+b\\c d' },
      queryStringParameters: { x: '1,2', y: '&' },
      headers: { 'content-type': 'application/json', 'x-twice': 'one' },
      requestContext: { http: { method: 'POST', sourceIp: '127.0.0.1' }, stage: '$default' },
      body: '{"a":1}',
      isBase64Encoded: false,
    });
  });

  it('joins repeated headers by commas', async () => {
    const seen = await new Promise<string>((resolve, reject) => {
      const outgoing = httpRequest(
        `${server.origin}/open`,
        { headers: { 'X-Twice': ['one', 'two'] } },
        (answer) => {
          let text = '';
          answer.on('data', (chunk) => {
            text += chunk;
          });
          answer.on('end', () => resolve(text));
        },
      );
      outgoing.on('error', reject);
      outgoing.end();
    });
    expect(JSON.parse(seen).event.headers['x-twice']).toBe('one,two');
  });

  it('encodes bodies that are no text in base64, forms among them', async () => {
    const token = await tokenOf('web-login');
    const { json } = await send('POST', '/items/1/check', { token, body: new URLSearchParams({ a: 'b' }) });
    expect(json().event).toMatchObject({ body: btoa('a=b'), isBase64Encoded: true });
  });
});

describe('the gateway', () => {
  it('prefers a literal path over a parameter', async () => {
    const { json } = await send('POST', '/items/special/check', { token: await tokenOf('admin') });
    expect(json().event.routeKey).toBe('POST /items/special/check');
  });

  it.each(['/nowhere', '/items//check', '/open/', '/items/1/check'])(
    'gives GET %s to the default route',
    async (path) => {
      expect((await send('GET', path)).json().event.routeKey).toBe('$default');
    },
  );

  it('gives HEAD to a HEAD route and sends no body', async () => {
    const head = await send('HEAD', '/open');
    const get = await send('GET', '/open');
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
  });

  it('gives HEAD to the default route where only GET is declared, as API Gateway does', async () => {
    const head = await send('HEAD', '/open/');
    expect(head.headers.get('x-route-key')).toBe('$default');
    expect((await send('HEAD', '/open')).headers.get('x-route-key')).toBe('HEAD /open');
  });

  it('refuses a path that cannot be decoded', async () => {
    expect((await send('GET', '/items/%zz')).status).toBe(400);
  });

  it('hides the error of a function that throws', async () => {
    const { status, text } = await send('GET', '/open?do=throw');
    expect(status).toBe(500);
    expect(text).not.toContain('planted');
    expect(JSON.parse(text)).toMatchObject({ code: 'unavailable', message: 'Internal Server Error' });
  });

  it.each([
    ['ends itself', 'exit', 500],
    ['hangs', 'hang', 503],
    ['answers nothing readable', 'broken', 500],
  ])('answers when a function %s', async (_, wish, status) => {
    expect((await send('GET', `/open?do=${wish}`)).status).toBe(status);
  });

  it('takes a result without a status for the body', async () => {
    const { status, json } = await send('GET', '/open?do=bare');
    expect({ status, body: json() }).toEqual({ status: 200, body: { no: 'status' } });
  });

  it('passes on binary bodies and cookies', async () => {
    const binary = await fetch(`${server.origin}/open?do=binary`);
    expect([...new Uint8Array(await binary.arrayBuffer())]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    expect((await send('GET', '/open?do=cookies')).headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  it('answers 413 to more than 10 MB, whether announced or not', async () => {
    const large = 'x'.repeat(10 * 1024 * 1024 + 1);
    expect((await send('POST', '/open', { body: large })).status).toBe(413);
  });

  it('answers 431 to headers beyond its limit', async () => {
    expect((await send('GET', '/open', { headers: { 'x-long': 'x'.repeat(11_000) } })).status).toBe(431);
  });

  it('names the port that is taken', async () => {
    const port = Number(new URL(server.origin).port);
    await expect(openServer(port)).rejects.toThrow(new PortTakenError(`port ${port} is taken`));
  });
});
