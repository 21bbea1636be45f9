/** Attacks on the sign-in page, by the names that threats have. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeSentTo, enrol, messagesTo } from '../e2e/people.ts';
import { formOf, headingOf, linkOf, newBrowser } from '../sign-in/browser.ts';
import { askForCode, beginLogin, callback, signIn, submit } from '../sign-in/relying-party.ts';
import { borrowStack, type Stack } from '../stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await borrowStack();
});
afterAll(() => stack.stop());

const form = (fields: Readonly<Record<string, string>>, secret = 'web-login:local') => ({
  method: 'POST',
  headers: {
    'content-type': 'application/x-www-form-urlencoded',
    authorization: `Basic ${Buffer.from(secret).toString('base64')}`,
  },
  body: new URLSearchParams(fields).toString(),
});
const push = (fields: Readonly<Record<string, string>>) =>
  fetch(`${stack.origin}/oidc/par`, form({ ...request, ...fields }));

const request = {
  response_type: 'code',
  client_id: 'web-login',
  redirect_uri: callback,
  scope: 'openid',
  login_hint: 'alice',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
};

describe('cross-site request forgery', () => {
  it.each(['https://evil.example', 'null'])('a form of %s does nothing', async (origin) => {
    const person = await enrol(stack);
    const login = await beginLogin(stack, { person: person.userId });
    const browser = newBrowser();
    const choice = await browser.open(login.authorizationUrl);
    const { action, fields } = formOf(choice, 'method');
    const answer = await browser.post(action, { ...fields, method: 'Email' }, { origin });
    expect(answer.status).toBe(403);
    expect(await messagesTo(stack, person.email)).toBe(0);
  });

  it('a form without the step of its page does nothing, whatever browser sends no origin', async () => {
    const person = await enrol(stack);
    const login = await beginLogin(stack, { person: person.userId });
    const browser = newBrowser();
    const choice = await browser.open(login.authorizationUrl);
    const fields = { act: 'method', step: 'A'.repeat(22), method: 'Email' };
    const answer = await browser.post(choice.url, fields, { origin: null });
    expect(headingOf(answer)).toBe(headingOf(choice));
    expect(await messagesTo(stack, person.email)).toBe(0);
  });

  it('a form that another site posts comes without the cookie', async () => {
    const login = await beginLogin(stack, { person: 'alice' });
    const browser = newBrowser();
    const choice = await browser.open(login.authorizationUrl);
    const { action, fields } = formOf(choice, 'give-up');
    const answer = await browser.post(action, fields, { crossSite: true });
    expect(answer.status).toBe(410);
  });
});

it('clickjacking: no page may be framed, and none runs what is not its own', async () => {
  const person = await enrol(stack);
  const login = await beginLogin(stack, { person: person.userId });
  const { browser, choice, page } = await askForCode(stack, login, 'Email');
  const refused = await browser.open(`${stack.origin}/oidc/authorize`);
  const over = await newBrowser().open(choice.url);
  for (const { headers } of [choice, page, refused, over]) {
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe-inline');
    expect(headers.get('cache-control')).toBe('no-store');
  }
});

describe('open redirect', () => {
  it.each(['https://evil.example/callback', 'javascript:alert(1)', `${callback}#fragment`])(
    'a client cannot push %s',
    async (redirect_uri) => {
      const answer = await push({ redirect_uri });
      expect(answer.status).toBe(400);
    },
  );

  it('without a pushed request the browser stays where it is', async () => {
    const query = new URLSearchParams({ ...request, redirect_uri: 'https://evil.example/' });
    const answer = await newBrowser().open(`${stack.origin}/oidc/authorize?${query}`);
    expect([answer.status, answer.html.includes('evil.example')]).toEqual([400, false]);
  });

  it.each([
    ['no person', { login_hint: '' }],
    ['no way back', { redirect_uri: '' }],
    ['no proof key', { code_challenge: '' }],
    ['a proof key in the clear', { code_challenge_method: 'plain' }],
    ['a page that nobody sees', { prompt: 'none' }],
    ['another response', { response_type: 'id_token' }],
    ['an answer by a form', { response_mode: 'form_post' }],
    ['another client', { client_id: 'web-login-jwt' }],
  ])('a request with %s is refused', async (_what, fields) => {
    const answer = await push(fields as Record<string, string>);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });

  it('why a request opens no session is in the log, and on no page', async () => {
    const logged = () => readFileSync(stack.output, 'utf8');
    const before = logged().length;
    const pages: string[] = [];
    const visit = async (url: string) => pages.push((await newBrowser().open(url)).html);
    const { authorizationUrl } = await beginLogin(stack, { person: (await enrol(stack)).userId });
    await newBrowser().open(authorizationUrl);
    await visit(authorizationUrl);
    await visit(authorizationUrl.replace('client_id=web-login', 'client_id=web-login-jwt'));
    await visit(`${stack.origin}/oidc/authorize?client_id=web-login&request_uri=none`);
    const late = await beginLogin(stack, { person: (await enrol(stack)).userId });
    await stack.advance(61);
    await visit(late.authorizationUrl);
    await expect
      .poll(() =>
        Array.from(
          logged()
            .slice(before)
            .matchAll(/"event":"pushed-request-refused".*?"reason":"([a-z-]+)"/g),
          ([, reason]) => reason,
        ),
      )
      .toEqual(['used', 'other-client', 'not-pushed', 'expired']);
    expect(new Set(pages.map((html) => html.replace(/[\w-]{12,}/g, ''))).size).toBe(1);
  });

  it('a name that nobody can have is refused, and the rule is told', async () => {
    const answer = await push({ login_hint: 'a/b' });
    const { error_description } = (await answer.json()) as Record<string, string>;
    expect([answer.status, error_description]).toEqual([
      400,
      'login_hint must be the name of the person: 1 to 128 characters in one line, without quotation mark, slash, < and >',
    ]);
  });

  it.each([
    ['a client with a wrong secret', 'web-login', 'guess'],
    ['a client that nobody registered', 'nobody', 'local'],
  ])('%s is nobody, and is told how to authenticate', async (_who, client_id, secret) => {
    const answer = await fetch(
      `${stack.origin}/oidc/par`,
      form({ ...request, client_id }, `${client_id}:${secret}`),
    );
    const { error, error_description } = (await answer.json()) as Record<string, string>;
    expect([answer.status, error]).toEqual([401, 'invalid_client']);
    expect(error_description).toMatch(/^client authentication failed: send client_secret_basic or/);
  });
});

it('mix-up: the way back names its issuer, with a code and with an error', async () => {
  const person = await enrol(stack);
  const login = await beginLogin(stack, { person: person.userId });
  const { answerUrl } = await signIn(stack, login, 'Email', () => codeSentTo(stack, person.email));
  expect(new URL(answerUrl).searchParams.get('iss')).toBe(stack.origin);
  const browser = newBrowser();
  const another = await beginLogin(stack, { person: person.userId });
  const end = await submit(browser, await browser.open(another.authorizationUrl), 'give-up');
  expect(new URL(linkOf(end)).searchParams.get('iss')).toBe(stack.origin);
});

describe('code injection', () => {
  const exchange = (code: string, more: Readonly<Record<string, string>>) =>
    fetch(
      `${stack.origin}/oidc/token`,
      form({ grant_type: 'authorization_code', redirect_uri: callback, code, ...more }),
    );
  /** A code whose verifier the test knows. */
  const codeWith = async (code_challenge: string) => {
    const person = await enrol(stack);
    const pushed = (await (await push({ login_hint: person.userId, code_challenge })).json()) as {
      request_uri: string;
    };
    const query = new URLSearchParams({ client_id: 'web-login', request_uri: pushed.request_uri });
    const login = {
      authorizationUrl: `${stack.origin}/oidc/authorize?${query}`,
      finish: () => Promise.reject(),
    };
    const { answerUrl } = await signIn(stack, login, 'Email', () => codeSentTo(stack, person.email));
    return new URL(answerUrl).searchParams.get('code') ?? '';
  };
  const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'; // RFC 7636, appendix B

  it('a code opens nothing with another verifier, redirect URI or none of them', async () => {
    const code = await codeWith(request.code_challenge);
    for (const more of [
      { code_verifier: 'x'.repeat(43) },
      {},
      { code_verifier: verifier, redirect_uri: `${callback}/other` },
    ] as Record<string, string>[])
      expect((await exchange(code, more)).status).toBe(400);
    expect((await exchange(code, { code_verifier: verifier })).status).toBe(200);
  });

  it('of ten requests at once with one code, one gets a token', async () => {
    const code = await codeWith(request.code_challenge);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => exchange(code, { code_verifier: verifier })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(9).fill(400)]);
  });

  it('a code is over after a minute', async () => {
    const code = await codeWith(request.code_challenge);
    await stack.advance(61);
    expect((await exchange(code, { code_verifier: verifier })).status).toBe(400);
  });
});

describe('session fixation', () => {
  it('a handle opens nothing without its own cookie, nor with that of another session', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => beginLogin(stack, { person: 'alice' })));
    const [victim, thief] = [newBrowser(), newBrowser()];
    const page = await victim.open(one?.authorizationUrl ?? '');
    await thief.open(other?.authorizationUrl ?? '');
    expect((await thief.open(page.url)).status).toBe(410);
    const { action, fields } = formOf(page, 'give-up');
    expect((await thief.post(action, fields)).status).toBe(410);
    expect((await victim.open(page.url)).status).toBe(200);
  });

  it('a cookie from outside is not taken over', async () => {
    const login = await beginLogin(stack, { person: 'alice' });
    const browser = newBrowser();
    const headers = { cookie: 'sign-in-0000000000000000=chosen-by-somebody-else' };
    await browser.open(login.authorizationUrl, { headers });
    expect([...browser.cookies.values()]).not.toContain('chosen-by-somebody-else');
  });
});

it('login CSRF: a pushed request opens one session, and again only in the browser that opened it', async () => {
  const login = await beginLogin(stack, { person: 'alice' });
  const [first, second] = [newBrowser(), newBrowser()];
  const page = await first.open(login.authorizationUrl);
  expect((await second.open(login.authorizationUrl)).status).toBe(400);
  expect((await first.open(login.authorizationUrl)).url).toBe(page.url);
});

describe('two sign-ins in one browser', () => {
  it('are two sessions, and both end well', async () => {
    const browser = newBrowser();
    for (const _ of [1, 2]) {
      const person = await enrol(stack);
      const login = await beginLogin(stack, { person: person.userId });
      const { page } = await askForCode(stack, login, 'Email', browser);
      const end = await submit(browser, page, 'code', { code: await codeSentTo(stack, person.email) });
      expect((await login.finish(linkOf(end)))['preferred_username']).toBe(person.userId);
    }
    expect(browser.cookies.size).toBe(2);
  });

  it('are five at most, and the oldest goes', async () => {
    const browser = newBrowser();
    for (let more = 0; more < 6; more += 1)
      await browser.open((await beginLogin(stack, { person: 'alice' })).authorizationUrl);
    expect(browser.cookies.size).toBe(5);
  });

  it('show what is due in a second tab, and a form left open elsewhere changes nothing', async () => {
    const person = await enrol(stack);
    const login = await beginLogin(stack, { person: person.userId });
    const { browser, choice, page } = await askForCode(stack, login, 'Email');
    const stale = await submit(browser, choice, 'method', { method: 'SMS' });
    expect(headingOf(stale)).toBe(headingOf(page));
    expect(await messagesTo(stack, person.phone)).toBe(0);
  });
});

it('back after the end: nothing is shown again, and nothing is signed again', async () => {
  const person = await enrol(stack);
  const login = await beginLogin(stack, { person: person.userId });
  const { browser, end, answerUrl } = await signIn(stack, login, 'Email', () =>
    codeSentTo(stack, person.email),
  );
  expect(linkOf(await browser.open(end.url))).toBe(answerUrl); // a lost answer is shown again
  await stack.advance(61);
  expect((await browser.open(end.url)).status).toBe(410);
});

it('a large form, and one that is no form, get a page of their own', async () => {
  const login = await beginLogin(stack, { person: 'alice' });
  const browser = newBrowser();
  const choice = await browser.open(login.authorizationUrl);
  const { action, fields } = formOf(choice, 'method');
  expect((await browser.post(action, { ...fields, method: 'x'.repeat(1_000_000) })).status).toBe(400);
  expect((await browser.post(action, { step: fields['step'] ?? '' })).status).toBe(400);
});

it('names, codes and cookies stand in no URL that a browser saw, and in no line of the log', async () => {
  const person = await enrol(stack);
  const login = await beginLogin(stack, { person: person.userId });
  const { browser, page } = await askForCode(stack, login, 'Email');
  const code = await codeSentTo(stack, person.email);
  const end = await submit(browser, page, 'code', { code });
  const authorizationCode = new URL(linkOf(end)).searchParams.get('code') ?? 'none';
  await login.finish(linkOf(end));
  const urls = browser.visited.join('\n');
  const log = readFileSync(stack.output, 'utf8');
  const cookies = [...browser.cookies.values()];
  const step = formOf(page, 'code').fields['step'] ?? 'none';
  const secrets = [person.userId, person.email, person.phone, ...cookies, step];
  expect(secrets.filter((secret) => urls.includes(secret))).toEqual([]);
  expect(urls).not.toMatch(new RegExp(`\\b${code}\\b`));
  const handle = new URL(page.url).pathname.split('/')[2] ?? 'none';
  expect([...secrets, authorizationCode, handle].filter((secret) => log.includes(secret))).toEqual([]);
});

describe('a request that no client of the protocol sends is refused, and is no fault that an alarm would count', () => {
  const encode = (text: string) => Buffer.from(text).toString('base64url');
  const assertion = `${encode('{"alg":"ES256","kid":"__proto__"}')}.${encode('{"iss":"web-login-jwt"}')}.AAAA`;
  const asked = new URLSearchParams(request).toString();
  const long = 'x'.repeat(100_000);

  it.each<[string, string, string, Readonly<Record<string, string>>?]>([
    ['JSON', '/oidc/par', JSON.stringify(request), { 'content-type': 'application/json' }],
    ['a parameter twice', '/oidc/par', `${asked}&login_hint=bob`],
    ['a parameter that is too long', '/oidc/par', `${asked}&state=${long}`],
    ['broken escapes', '/oidc/par', 'client_id=%zz&login_hint=%E0%A4%A'],
    ['a secret in broken escapes', '/oidc/par', asked, { authorization: `Basic ${btoa('%zz:%zz')}` }],
    ['an inherited name for a client', '/oidc/par', asked, { authorization: `Basic ${btoa('__proto__:x')}` }],
    ['a redirect URI that is none', '/oidc/par', `${asked}&redirect_uri=http%3A%2F%2F%5B%3A%3A1`],
    ['an inherited name for a code', '/oidc/token', 'grant_type=authorization_code&code=__proto__'],
    ['a code that is too long', '/oidc/token', `grant_type=authorization_code&code=${long}`],
    ['nothing', '/oidc/token', ''],
  ])('%s to %s', async (_what, path, body, headers = {}) => {
    const { headers: usual } = form({});
    const answer = await fetch(stack.origin + path, {
      method: 'POST',
      headers: { ...usual, ...headers },
      body,
    });
    expect([400, 401]).toContain(answer.status);
  });

  it('an assertion that names an inherited key', async () => {
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    const fields = { client_id: 'web-login-jwt', client_assertion: assertion, client_assertion_type: type };
    const body = new URLSearchParams({ ...request, ...fields });
    expect((await fetch(`${stack.origin}/oidc/par`, { method: 'POST', body })).status).toBe(401);
  });
});
