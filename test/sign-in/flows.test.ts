/** openid-client and oauth4webapi, unmodified, through the flows of the page, and how people come back who did not get in. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ClientError } from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../documents/pages.ts';
import { caller, codeSentTo, enrol, wrong } from '../e2e/people.ts';
import { enrolRecovering, rightAnswers } from '../e2e/recovering.ts';
import { borrowStack, type Stack } from '../stack.ts';
import { beginBareLogin } from './bare-login.ts';
import { type Browser, formOf, headingOf, linkOf, newBrowser, type Page } from './browser.ts';
import { askForCode, beginLogin, callback, type Login, signIn, submit } from './relying-party.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await borrowStack();
});
afterAll(() => stack.stop());

/** It has to be known before the login starts, since the redirect URI names it. */
async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

it('the sample login of the documents gets a person back, and nobody else with their link', async () => {
  const person = await enrol(stack);
  const origin = `http://127.0.0.1:${await unusedPort()}`;
  const login = spawn(process.execPath, ['docs/examples/redirect.mjs'], {
    cwd: root,
    env: { ...process.env, API: stack.origin, LOGIN: origin },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(login.stdout, 'data');
    const browser = newBrowser();
    const choice = await browser.open(`${origin}/?user=${person.userId}`);
    const page = await submit(browser, choice, 'method', { method: 'Email' });
    const end = await submit(browser, page, 'code', { code: await codeSentTo(stack, person.email) });
    const [stranger, answer] = [await newBrowser().open(linkOf(end)), await browser.open(linkOf(end))];
    expect([stranger.status, stranger.html]).toEqual([403, 'Please start again.']);
    expect(JSON.parse(answer.html)).toMatchObject({ preferred_username: person.userId, aud: 'web-login' });
  } finally {
    login.kill();
  }
});

const errorOf = (page: Page) => new URL(linkOf(page)).searchParams.get('error');

describe('a library, unmodified, gets a person back', () => {
  it.each(['web-login', 'web-login-jwt'] as const)('who typed a code, as %s', async (client) => {
    const person = await enrol(stack);
    const login = await beginLogin(stack, { person: person.userId, client });
    const code = () => codeSentTo(stack, person.email);
    const { answerUrl } = await signIn(stack, login, 'Email', code);
    expect(answerUrl.startsWith(`${callback}?`)).toBe(true);
    expect(await login.finish(answerUrl)).toMatchObject({
      iss: stack.origin,
      aud: client,
      preferred_username: person.userId,
      acr: 'urn:mfa-fallback:acr:otp-email',
      amr: ['otp'],
    });
  });

  it('who typed a code, by oauth4webapi', async () => {
    const person = await enrol(stack);
    const login = await beginBareLogin(stack, person.userId);
    const { answerUrl } = await signIn(stack, login, 'Email', () => codeSentTo(stack, person.email));
    expect(await login.finish(answerUrl)).toMatchObject({
      aud: 'web-login',
      preferred_username: person.userId,
    });
  });

  it('who typed a wrong code, asked for another, and pasted the whole message', async () => {
    const person = await enrol(stack);
    const login = await beginLogin(stack, { person: person.userId });
    const { browser, page } = await askForCode(stack, login, 'SMS');
    const code = await codeSentTo(stack, person.phone);
    const again = await submit(browser, page, 'code', { code: wrong(code) });
    expect(headingOf(again)).toBe(headingOf(page));
    expect(again.html).toContain('role="alert"');
    await stack.advance(60);
    const resent = await submit(browser, await browser.open(again.url), 'resend');
    const { body } = await stack.received(person.phone, 2);
    const end = await submit(browser, resent, 'code', { code: body });
    expect(await login.finish(linkOf(end))).toMatchObject({ acr: 'urn:mfa-fallback:acr:otp-pstn' });
  });

  it('who took another way', async () => {
    const person = await enrol(stack);
    const login = await beginLogin(stack, { person: person.userId });
    const { browser, page } = await askForCode(stack, login, 'SMS');
    await stack.advance(60);
    const ways = await browser.open(`${page.url}/ways`);
    const other = await submit(browser, ways, 'method', { method: 'Email' });
    const end = await submit(browser, other, 'code', { code: await codeSentTo(stack, person.email) });
    expect(await login.finish(linkOf(end))).toMatchObject({ acr: 'urn:mfa-fallback:acr:otp-email' });
  });

  it('who had a backup code of the help desk', async () => {
    const person = await enrol(stack);
    const asked = { kind: 'one-time', count: 1, operator: 'op', reason: 'the phone is gone' };
    const path = `/v1/users/${person.userId}/backup-codes`;
    const made = await caller(stack).call('POST', path, asked, { client: 'helpdesk' });
    const login = await beginBareLogin(stack, person.userId);
    const { browser, page } = await beginRecovery(login, 'backup-code');
    const end = await submit(browser, page, 'backup-code', { code: made.body.codes[0] });
    expect(await login.finish(linkOf(end))).toMatchObject({ acr: 'urn:mfa-fallback:acr:backup-code' });
  });

  it('who answered questions and typed a code from the alternate email', async () => {
    const person = await enrolRecovering(stack);
    const login = await beginLogin(stack, { person: person.userId });
    const { browser, page } = await beginRecovery(login, 'kba+otp-alternate-email');
    const questions = await until(browser, page, 'answers');
    const next = await submit(browser, questions, 'answers', answersOn(questions));
    const codePage = await until(browser, next, 'code');
    const code = await codeSentTo(stack, person.alternateEmail);
    const end = await until(browser, await submit(browser, codePage, 'code', { code }), 'way back');
    expect(await login.finish(linkOf(end))).toMatchObject({
      preferred_username: person.userId,
      acr: 'urn:mfa-fallback:acr:kba+otp-email',
      amr: ['kba', 'otp'],
    });
  });
});

describe('a person who does not get in', () => {
  it.each([
    ['openid-client', () => beginLogin(stack, { person: 'alice' })],
    ['oauth4webapi', () => beginBareLogin(stack, 'alice')],
  ])('goes back with access_denied after giving up, by %s', async (_library, begin) => {
    const login = await begin();
    const browser = newBrowser();
    const end = await submit(browser, await browser.open(login.authorizationUrl), 'give-up');
    expect(errorOf(end)).toBe('access_denied');
    await expect(login.finish(linkOf(end))).rejects.toThrow();
  });

  it('goes back with temporarily_unavailable where a dependency fails', async () => {
    const person = await enrol(stack);
    const login = await beginLogin(stack, { person: person.userId });
    const browser = newBrowser();
    const choice = await browser.open(login.authorizationUrl);
    await stack.fault('sqs', 'error', 10);
    const broken = await submit(browser, choice, 'method', { method: 'Email' });
    await stack.clearFaults();
    expect(errorOf(await submit(browser, broken, 'give-up'))).toBe('temporarily_unavailable');
  });

  it('is pushed and exchanged again after a fault, whose answer says so', async () => {
    const person = await enrol(stack);
    const begin = () => beginLogin(stack, { person: person.userId });
    const login = await begin();
    const { answerUrl } = await signIn(stack, login, 'Email', () => codeSentTo(stack, person.email));
    const answers: unknown[] = [];
    await stack.quiet();
    await stack.fault('dynamodb', 'error', 1_000);
    for (const ask of [begin, () => login.finish(answerUrl)]) {
      // To a library no 5xx is an OAuth error: it hands the response on.
      const { cause } = await ask().then(
        () => ({ cause: undefined }),
        (error: Error) => error,
      );
      const answer = cause as Response;
      answers.push([answer.status, answer.headers.get('retry-after'), await answer.json()]);
    }
    await stack.clearFaults();
    const error = 'temporarily_unavailable';
    expect(answers).toEqual([
      [503, '1', { error, error_description: 'Nothing was accepted. Send the same request again.' }],
      [503, '1', { error, error_description: expect.stringMatching(/^No token was made\. Send the same /) }],
    ]);
    const log = readFileSync(stack.output, 'utf8');
    for (const route of ['POST /oidc/par', 'POST /oidc/token'])
      expect(log).toMatch(new RegExp(`"event":"request-failed","route":"${route}"`));
    expect(await login.finish(answerUrl)).toMatchObject({ preferred_username: person.userId });
  });

  it('goes back with unmet_authentication_requirements where acr_values leaves nothing', async () => {
    const acr_values = 'urn:example:none-of-ours';
    const login = await beginLogin(stack, { person: 'alice', parameters: { acr_values } });
    const end = await newBrowser().open(login.authorizationUrl);
    expect(errorOf(end)).toBe('unmet_authentication_requirements');
  });

  it('is offered what acr_values takes, and nothing else', async () => {
    const acr_values = 'urn:mfa-fallback:acr:otp-email';
    const login = await beginLogin(stack, { person: 'alice', parameters: { acr_values } });
    const browser = newBrowser();
    const choice = await browser.open(login.authorizationUrl);
    expect(choice.html).toContain('value="Email"');
    expect(choice.html).not.toContain('value="SMS"');
    const { action, fields } = formOf(choice, 'method');
    const refused = await browser.post(action, { ...fields, method: 'SMS' });
    expect(headingOf(refused)).toBe(headingOf(choice));
  });

  it('sees for five minutes which way is out of order, and known and unknown names see the same', async () => {
    const person = await enrol(stack);
    await stack.fault('sns', 'error', 1_000);
    const started = await caller(stack).start(person.userId, { method: 'SMS' });
    expect(started.status).toBe(201);
    const closed = (page: Page) => /value="SMS"[^>]*disabled/.test(page.html);
    const choiceOf = async (name: string) =>
      newBrowser().open((await beginLogin(stack, { person: name })).authorizationUrl);
    await expect.poll(async () => closed(await choiceOf(person.userId))).toBe(true);
    const choice = await choiceOf(person.userId);
    expect(choice.html).not.toMatch(/value="Email"[^>]*disabled/);
    expect(closed(await choiceOf('nobody-with-these-methods'))).toBe(true);
    await stack.clearFaults();
    await stack.advance(301);
    expect(closed(await choiceOf(person.userId))).toBe(false);
  });

  it('finds the session over after fifteen minutes', async () => {
    const login = await beginLogin(stack, { person: 'alice' });
    const browser = newBrowser();
    const choice = await browser.open(login.authorizationUrl);
    await stack.advance(900);
    expect((await browser.open(choice.url)).status).toBe(410);
  });
});

/** Opens the page of a login and begins a recovery. */
async function beginRecovery(login: Login, path: string) {
  const browser = newBrowser();
  const choice = await browser.open(login.authorizationUrl);
  const ways = await browser.open(`${choice.url}/recoveries`);
  return { browser, page: await submit(browser, ways, 'recovery', { path }) };
}

/** Looks again, as the page that waits does by itself, until the form is there. */
async function until(browser: Browser, first: Page, act: string): Promise<Page> {
  const isThere = ({ html }: Page) =>
    act === 'way back' ? html.includes(`href="${callback}`) : html.includes(`name="act" value="${act}"`);
  let page = first;
  for (const deadline = Date.now() + 30_000; !isThere(page) && Date.now() < deadline; ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    page = await browser.open(first.url);
  }
  return page;
}

const wordIn: Readonly<Record<string, string>> = {
  teacher: 'first-teacher',
  street: 'childhood-street',
  film: 'first-film',
};

function answersOn({ html }: Page): Record<string, string> {
  const labels = Array.from(html.matchAll(/<label[^>]*for="(answer-\d)"[^>]*>([\s\S]*?)<\/label>/g));
  return Object.fromEntries(
    labels.map(([, field = '', text = '']) => {
      const word = Object.keys(wordIn).find((each) => text.includes(each)) ?? '';
      return [field, rightAnswers[wordIn[word] ?? ''] ?? ''];
    }),
  );
}

it('refuses an answer of another issuer, as the library checks', async () => {
  const person = await enrol(stack);
  const login = await beginLogin(stack, { person: person.userId });
  const { answerUrl } = await signIn(stack, login, 'Email', () => codeSentTo(stack, person.email));
  const mixedUp = new URL(answerUrl);
  mixedUp.searchParams.set('iss', 'https://another.example');
  await expect(login.finish(mixedUp.href)).rejects.toThrow(ClientError);
});
