/** One walk for each state of the pages, in a real browser, and what its script does with them. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { isTooWide, violationsOn, watch } from './inspect.ts';
import { serveClient, servePages } from './served.ts';
import { session, stateNames } from './states.ts';

let browser: Browser;
let client: Awaited<ReturnType<typeof serveClient>>;
let pages: Awaited<ReturnType<typeof servePages>>;
let context: BrowserContext;
let page: Page;
let faults: string[];

beforeAll(async () => {
  [browser, client] = await Promise.all([openBrowser(), serveClient()]);
  pages = await servePages(client.origin);
});

afterAll(async () => {
  await browser?.close();
  await Promise.all([client?.close(), pages?.close()]);
});

async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<void> {
  await context?.close();
  context = await browser.newContext({ viewport: { width: 390, height: 844 }, ...options });
  faults = watch(context, [pages.origin]);
  page = await context.newPage();
}

beforeEach(async () => {
  pages.state = 'code';
  pages.hold = undefined;
  await open();
});
afterEach(() => context.close());

const here = `/sign-in/${session.handle}`;
const focus = () => page.evaluate('document.activeElement.id || document.activeElement.className');
const said = () => page.locator('#said').textContent();
const goTo = (state: string) => page.goto(pages.urlOf(state));
/** Leaves for the client by itself. */
const leaves = (state: string) => /^(?:way-back|answer)-(?:verified|gave-up)$/.test(state);
const staying = stateNames.filter((state) => !leaves(state));

test('every state shows its heading, asks no other origin, fits a small screen and says no error', async () => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const state of staying) {
    await goTo(state);
    expect(await page.locator('h1').count(), state).toBe(1);
    expect(await isTooWide(page), state).toBe(false);
  }
  expect(faults).toEqual([]);
});

test.each(['code', 'choose-out-of-order', 'questions-missing', 'locked', 'not-me'])(
  'axe finds nothing on the page %s',
  async (state) => {
    await goTo(state);
    expect(await violationsOn(page)).toEqual([]);
  },
);

describe('with and without JavaScript alike', () => {
  test.each([true, false])(
    'a code goes to the session’s own path (JavaScript: %s)',
    async (javaScriptEnabled) => {
      await open({ javaScriptEnabled });
      await goTo('code');
      await page.locator('#code').fill('482 913');
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.waitForURL(`${pages.origin}${here}`);
      const { path, origin, fields } = pages.posted.at(-1) ?? {};
      expect(path).toBe(here);
      expect(fields).toEqual({ act: 'code', step: session.step, code: '482 913' });
      // What the door checks a form's origin by: `null` would refuse everybody.
      expect(origin).toBe(pages.origin);
    },
  );

  test.each([true, false])('what was chosen is posted (JavaScript: %s)', async (javaScriptEnabled) => {
    await open({ javaScriptEnabled });
    await goTo('choose');
    await page.getByText('Email', { exact: true }).click();
    await page.getByRole('button', { name: 'Send code' }).click();
    await page.waitForURL(`${pages.origin}${here}`);
    expect(pages.posted.at(-1)?.fields).toEqual({ act: 'method', step: session.step, method: 'Email' });
  });

  test.each([true, false])(
    'the way back reaches the client, which redirects on (JavaScript: %s)',
    async (javaScriptEnabled) => {
      await open({ javaScriptEnabled });
      await goTo('way-back-verified');
      await page.waitForURL('**/third');
      const { path, referer } = client.asked.findLast((one) => one.path === '/callback') ?? {};
      expect({ path, referer }).toEqual({ path: '/callback', referer: undefined });
    },
  );

  test('a form answers another origin by itself, and by a button without JavaScript', async () => {
    await goTo('answer-verified');
    await page.waitForURL(`${client.origin}/answer`);
    await open({ javaScriptEnabled: false });
    await goTo('answer-verified');
    await page.getByRole('button').click();
    await page.waitForURL(`${client.origin}/answer`);
    const answers = client.asked.filter(({ path }) => path === '/answer');
    expect(answers.map(({ fields }) => fields)).toEqual(
      Array.from({ length: 2 }, () => ({ id_token: 'a.b.c', state: '<&">' })),
    );
  });

  test('a page that has something to read waits for the person', async () => {
    await goTo('answer-unknown-person');
    await page.getByRole('button', { name: 'Go back' }).click();
    await page.waitForURL(`${client.origin}/answer`);
    expect(page.url()).toBe(`${client.origin}/answer`);
  });
});

describe('a form that came back', () => {
  test('is said first, and its summary leads to the field', async () => {
    await goTo('code-rejected');
    expect(await page.title()).toMatch(/^Error: Check your phone – /);
    expect(await focus()).toBe('problem');
    await page.getByRole('alert').getByRole('link').click();
    expect(await focus()).toBe('code');
    expect(await page.locator('#code').getAttribute('aria-invalid')).toBe('true');
  });

  test('leads to the question that has no answer', async () => {
    await goTo('questions-missing');
    await page.getByRole('alert').getByRole('link').last().click();
    expect(await focus()).toBe('answer-3');
  });
});

test('a form is sent once, and the focus stays where it was', async () => {
  let release = () => {};
  pages.hold = new Promise((resolve) => {
    release = resolve;
  });
  const before = pages.posted.length;
  await goTo('code');
  await page.locator('#code').fill('482913');
  const seen = await page.evaluate(`(async () => {
    const button = document.querySelector('form button');
    button.focus();
    button.click();
    button.click();
    await new Promise((resolve) => setTimeout(resolve, 300));
    button.click();
    return [button.getAttribute('aria-disabled'), document.activeElement === button];
  })()`);
  expect(seen).toEqual(['true', true]);
  release();
  await page.waitForURL(`${pages.origin}${here}`);
  expect(pages.posted.length - before).toBe(1);
});

describe('the time that is left', () => {
  /** Seconds after the page came, on a clock that stands still between the steps. */
  const at = async (seconds: number, before: number) => page.clock.runFor((seconds - before) * 1000);

  test('is seen at each second and heard at four moments', async () => {
    await page.clock.install();
    await goTo('code');
    const heard: (string | null)[] = [];
    let before = 0;
    for (const left of [250, 121, 119, 90, 61, 59, 31, 29, 5]) {
      await at(290 - left, before);
      before = 290 - left;
      const text = await said();
      if (text !== heard.at(-1)) heard.push(text);
    }
    expect(await page.locator('[data-left]').textContent()).toBe('0:05');
    await at(291, before);
    expect(heard).toEqual([
      '',
      '2 minutes left to enter the code.',
      '1 minute left to enter the code.',
      '30 seconds left to enter the code.',
    ]);
    expect(await page.locator('#over').textContent()).toBe(
      'This code is no longer valid. Ask for a new one.',
    );
    expect(await page.locator('[data-life]').isVisible()).toBe(false);
  });

  test('until another code may be asked for keeps the button away', async () => {
    await page.clock.install();
    await goTo('code');
    const resend = page.getByRole('button', { name: 'Send a new code' });
    expect(await resend.isVisible()).toBe(false);
    expect(await page.getByText('You can ask for a new code in 25 seconds.').isVisible()).toBe(true);
    await at(26, 0);
    expect(await resend.isVisible()).toBe(true);
  });

  test('of a session is said before it ends, and then the page that is due comes', async () => {
    await page.clock.install();
    await goTo('questions');
    await at(751, 0);
    expect(await said()).toBe('This sign-in ends in 2 minutes.');
    pages.state = 'session-over';
    await at(871, 751);
    await page.waitForURL(`${pages.origin}${here}`);
    expect(await page.locator('h1').textContent()).toBe('This page has expired');
  });

  test('of a lock is also said by the clock of the person', async () => {
    await goTo('locked');
    expect(await page.locator('[data-clock]').textContent()).toMatch(/^That is at \d{1,2}:\d\d\s?[AP]M\.$/);
    expect(await page.getByRole('link', { name: 'Try again' }).isVisible()).toBe(false);
  });

  test('without JavaScript stands in words, and every way is open', async () => {
    await open({ javaScriptEnabled: false });
    await goTo('code');
    expect(await page.getByText('The code is valid for 4 minutes.').isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Send a new code' }).isVisible()).toBe(true);
    await goTo('locked');
    expect(await page.getByRole('link', { name: 'Try again' }).isVisible()).toBe(true);
  });
});

describe('a page that waits', () => {
  test.each([true, false])(
    'shows the next step when it is there (JavaScript: %s)',
    async (javaScriptEnabled) => {
      await open({ javaScriptEnabled });
      pages.state = 'waiting';
      await page.goto(`${pages.origin}${here}`);
      pages.state = 'questions';
      await page.locator('#answer-1').waitFor();
      expect(await page.locator('h1').textContent()).toBe('Answer your security questions');
    },
  );

  test('stays as it is while nothing new is due', async () => {
    await page.clock.install();
    pages.state = 'waiting';
    await page.goto(`${pages.origin}${here}`);
    await page.evaluate('document.title = "untouched"');
    const looked = page.waitForResponse(`${pages.origin}${here}`);
    await page.clock.runFor(1_000);
    await looked;
    expect(await page.title()).toBe('untouched');
  });

  test('leaves alone what somebody types while the message fails', async () => {
    await page.clock.install();
    pages.state = 'code-email';
    await page.goto(`${pages.origin}${here}`);
    pages.state = 'delivery-failed';
    await page.locator('#code').fill('4829');
    const looked = page.waitForResponse(`${pages.origin}${here}`);
    await page.clock.runFor(3_000);
    await looked;
    expect(await page.locator('#code').inputValue()).toBe('4829');
    await page.locator('#code').fill('');
    await page.clock.runFor(7_000);
    await page.getByRole('heading', { name: 'We could not reach you' }).waitFor();
  });
});

describe('the field takes', () => {
  test('a whole message that is pasted, with its lines apart', async () => {
    await goTo('code');
    await page.evaluate(`
      const data = new DataTransfer();
      data.setData('text', 'Code 482913\\n29 November');
      document.getElementById('code').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, cancelable: true }));
    `);
    expect(await page.locator('#code').inputValue()).toBe('Code 482913 29 November');
  });

  test('the code of an SMS that the browser hands over, where one was sent', async () => {
    await page.addInitScript(`
      globalThis.OTPCredential = class {};
      const asked = (options) => { globalThis.wanted = options.otp.transport; return Promise.resolve({ code: '482913' }); };
      Object.defineProperty(navigator, 'credentials', { value: { get: asked } });
    `);
    await goTo('code-email');
    expect(await page.evaluate('globalThis.wanted')).toBeUndefined();
    pages.state = 'waiting';
    await goTo('code');
    await page.waitForURL(`${pages.origin}${here}`);
    expect(pages.posted.at(-1)?.fields['code']).toBe('482913');
  });
});

describe('the policy of the pages holds in a browser', () => {
  test('clickjacking: no page shows in a frame', async () => {
    await page.goto(`${client.origin}/frame`);
    await page.setContent(`<iframe src="${pages.urlOf('code')}"></iframe>`);
    await page.waitForTimeout(0);
    const frame = page.frames()[1];
    await expect.poll(() => frame?.url() ?? '').not.toContain('/code');
    expect(await frame?.locator('#code').count()).toBe(0);
  });

  test('code injection: a script that is not ours does not run, and a style neither', async () => {
    await goTo('code');
    await page.evaluate(`
      const add = (tag, text) => document.body.append(Object.assign(document.createElement(tag), { textContent: text }));
      add('script', 'globalThis.ran = true');
      add('style', 'main { display: none }');
    `);
    expect(await page.evaluate('globalThis.ran')).toBeUndefined();
    expect(await page.locator('main').isVisible()).toBe(true);
  });

  test('data exfiltration: no form and no request leaves for another origin', async () => {
    await goTo('code');
    const before = client.asked.length;
    await page.evaluate(`
      document.querySelector('form').action = '${client.origin}/stolen';
      document.querySelector('form').submit();
      fetch('${client.origin}/stolen').catch(() => {});
      new Image().src = '${client.origin}/stolen';
    `);
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 300))');
    expect(client.asked.length).toBe(before);
    expect(page.url()).toBe(pages.urlOf('code'));
  });
});
