/** The sign-in page as people have it: the door of the local stack in a real browser. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { caller, codeSentTo, enrol, put, until, userPath, wrong } from '../e2e/people.ts';
import { enrolRecovering, recoverer, rightAnswers } from '../e2e/recovering.ts';
import { openBrowser } from '../pages/browser.ts';
import { violationsOn, watch } from '../pages/inspect.ts';
import { serveClient } from '../pages/served.ts';
import { borrowStack, type Stack } from '../stack.ts';
import { beginLogin } from './relying-party.ts';

let stack: Stack;
let browser: Browser;
let client: Awaited<ReturnType<typeof serveClient>>;
let context: BrowserContext;
let page: Page;
let faults: string[];
/** Every address that the browser asked for, with its referrer. */
let visited: string[];

beforeAll(async () => {
  [stack, browser, client] = await Promise.all([borrowStack(), openBrowser(), serveClient()]);
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([client?.close(), stack?.stop()]);
});

async function open(javaScriptEnabled = true): Promise<void> {
  await context?.close();
  context = await browser.newContext({ viewport: { width: 390, height: 844 }, javaScriptEnabled });
  const third = client.origin.replace('127.0.0.1', 'localhost');
  faults = watch(context, [stack.origin, client.origin, third]);
  visited = [];
  context.on('request', (request) => {
    visited.push(`${request.url()} ${request.headers()['referer'] ?? ''}`);
  });
  page = await context.newPage();
}

beforeEach(() => open());
afterEach(() => context.close());

const begin = (person: string) =>
  beginLogin(stack, { person, parameters: { redirect_uri: `${client.origin}/callback` } });
const press = (name: string) => page.getByRole('button', { name }).click();
const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
const answerUrl = () =>
  visited.find((one) => one.startsWith(`${client.origin}/callback`))?.split(' ')[0] ?? '';

describe.each([true, false])('in a browser whose JavaScript is %s, a person gets in', (javaScriptEnabled) => {
  beforeEach(() => open(javaScriptEnabled));
  // Without JavaScript axe does not run either; what it would read is the same.
  const isAccessible = async () => {
    if (javaScriptEnabled) expect(await violationsOn(page)).toEqual([]);
  };

  test('by a code, after a wrong one, a reload, the way back and a second tab', async () => {
    const person = await enrol(stack);
    const login = await begin(person.userId);
    await page.goto(login.authorizationUrl);
    await heading('How should we send your code?');
    await isAccessible();
    await page.getByText('Email', { exact: true }).click();
    await press('Send code');
    await heading('Check your email');
    await isAccessible();
    const code = await codeSentTo(stack, person.email);

    await page.locator('#code').fill(wrong(code));
    await press('Continue');
    await page.getByText('There is a problem').waitFor();
    expect(await page.title()).toMatch(/^Error: /);
    await isAccessible();
    await page.reload();
    await heading('Check your email');
    await page.goBack();
    await page.goto(page.url());
    const tab = await context.newPage();
    await tab.goto(page.url());
    await tab.locator('#code').fill(`Your code is ${code}.`);
    await tab.getByRole('button', { name: 'Continue' }).click();
    await tab.waitForURL('**/third');

    expect(await login.finish(answerUrl())).toMatchObject({
      preferred_username: person.userId,
      amr: ['otp'],
    });
    expect(faults).toEqual([]);
    const secrets = [person.userId, person.email, code];
    for (const address of visited) for (const secret of secrets) expect(address).not.toContain(secret);
  });

  test('by questions and a code to the other address', async () => {
    const person = await enrolRecovering(stack);
    const login = await begin(person.userId);
    await page.goto(login.authorizationUrl);
    await page.getByRole('link', { name: 'I can’t use any of these' }).click();
    await page.getByText('Security questions, then your other email address').click();
    await press('Continue');
    await heading('Answer your security questions');
    await isAccessible();
    for (const [word, question] of Object.entries(questionOf)) {
      await page.getByLabel(new RegExp(word)).fill(rightAnswers[question] ?? '');
    }
    await press('Continue');
    await heading('Check your email');
    await page.locator('#code').fill(await codeSentTo(stack, person.alternateEmail));
    await press('Continue');
    await page.waitForURL('**/third', { timeout: 60_000 });
    expect(await login.finish(answerUrl())).toMatchObject({ amr: ['kba', 'otp'] });
    expect(faults).toEqual([]);
  });
});

const questionOf: Readonly<Record<string, string>> = {
  teacher: 'first-teacher',
  street: 'childhood-street',
  film: 'first-film',
};

test('a page says two minutes before that the sign-in ends, and shows that it did', async () => {
  const { authorizationUrl } = await begin('alice');
  await page.clock.install();
  await page.goto(authorizationUrl);
  await heading('How should we send your code?');
  await page.clock.runFor(782_000);
  expect(await page.locator('#said').textContent()).toBe('This sign-in ends in 2 minutes.');
  await stack.advance(900);
  await page.clock.runFor(120_000);
  await heading('This page has expired');
  expect(faults).toEqual([]);
});

test('whoever gives up goes back with access_denied', async () => {
  const { authorizationUrl } = await begin('alice');
  await page.goto(authorizationUrl);
  await press('Cancel sign-in');
  await page.waitForURL('**/third');
  expect(new URL(answerUrl()).searchParams.get('error')).toBe('access_denied');
  expect(faults).toEqual([]);
});

test('session fixation: the address of a session opens nothing in another browser', async () => {
  const { authorizationUrl } = await begin('alice');
  await page.goto(authorizationUrl);
  const address = page.url();
  await open();
  await page.goto(address);
  await heading('This page has expired');
  expect(await page.locator('form').count()).toBe(0);
});

describe('a person who reads a notice and was not it', () => {
  test('stops everything by the link in it, and the link is over then', async () => {
    const person = await enrolRecovering(stack);
    const lostPhone = recoverer(stack);
    const choosing = (await lostPhone.startAnswer(person.userId)).body;
    const answering = (await lostPhone.startAnswer(person.userId, { path: 'kba' })).body;
    await put(stack, person.userId, { phone: person.phone, email: `new-${person.email}` });
    const { body: notice } = await stack.received(person.email, 1);
    const [link = ''] = /http:\S+\/not-me\/\S+/.exec(notice) ?? [];

    await page.goto(link);
    await heading('Stop it if this was not you');
    expect(await violationsOn(page)).toEqual([]);
    await page.reload();
    const statusOf = async ({ recoveryId }: { recoveryId: string }) =>
      (await lostPhone.read(recoveryId)).body.status;
    expect(await Promise.all([choosing, answering].map(statusOf))).toEqual(['pending', 'pending']);
    await press('Stop it');
    await heading('It is stopped');
    expect(await violationsOn(page)).toEqual([]);
    expect(await statusOf(choosing)).toBe('failed');
    await until(
      () => statusOf(answering),
      (status) => status === 'failed',
    );
    const api = caller(stack);
    const refused = await api.start(person.userId);
    expect([refused.status, refused.body.code, refused.body.reason]).toEqual([
      429,
      'attempts-exhausted',
      'stopped',
    ]);
    expect((await lostPhone.startAnswer(person.userId)).body.reason).toBe('stopped');

    const again = await page.goto(link);
    await heading('This link no longer works');
    expect(again?.status()).toBe(410);
    expect(await violationsOn(page)).toEqual([]);
    expect(faults).toEqual([]);
    const why = { operator: 'olga', reason: 'was not her' };
    const unlocked = await api.call('POST', `${userPath(person.userId)}/unlock`, why, { client: 'helpdesk' });
    expect(unlocked.status).toBe(204);
    expect((await api.start(person.userId)).status).toBe(201);
  });
});
