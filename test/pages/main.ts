/**
 * `npm run pages`: every state of the pages in a real browser, on a phone and on a desktop, with and without
 * JavaScript, light and dark, from left to right and from right to left. The screenshots are left in `dist/pages`.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { root } from '../documents/pages.ts';
import { openBrowser } from './browser.ts';
import { isTooWide, violationsOn, violationsWithoutScript, watch } from './inspect.ts';
import { type ServedPages, serveClient, servePages } from './served.ts';
import { stateNames } from './states.ts';

const { values } = parseArgs({
  options: { only: { type: 'string' }, help: { type: 'boolean', default: false } },
});
if (values.help) {
  console.log(`npm run pages -- [--only code]

  --only  states whose name begins so

Writes a screenshot of each to dist/pages. The exit code is 1 when axe finds something, the console says an error, a
page asks another origin or is wider than the screen.`);
  process.exit();
}

const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } } as const;
const looks = Object.keys(sizes).flatMap((size) =>
  ([true, false] as const).flatMap((javaScriptEnabled) =>
    (['light', 'dark'] as const).flatMap((colorScheme) =>
      (['en', 'ar'] as const).map((language) => ({
        size: size as keyof typeof sizes,
        javaScriptEnabled,
        colorScheme,
        language,
      })),
    ),
  ),
);
type Look = (typeof looks)[number];

/** What goes on by itself is gone before anybody could look at it. */
const leaves = (state: string) => /^(?:way-back|answer)-(?:verified|gave-up)$/.test(state);
const states = stateNames.filter((state) => state.startsWith(values.only ?? '') && !leaves(state));
const folder = join(root, 'dist/pages');

async function lookAtAll(browser: Browser, pages: ServedPages, look: Look): Promise<string[]> {
  const { size, javaScriptEnabled, colorScheme, language } = look;
  const name = `${size}-${colorScheme}-${language}${javaScriptEnabled ? '' : '-no-script'}`;
  mkdirSync(join(folder, name), { recursive: true });
  const context = await browser.newContext({ viewport: sizes[size], javaScriptEnabled, colorScheme });
  const faults = watch(context, [pages.origin]);
  // A page that waits would be another one before it was looked at: what it asks for is never answered.
  await context.route('**/sign-in/**', () => {});
  const page = await context.newPage();
  const scripted = await browser.newContext({ viewport: sizes[size], colorScheme });
  const reader = await scripted.newPage();
  for (const state of states) {
    await page.goto(pages.urlOf(state, language));
    await page.screenshot({ path: join(folder, name, `${state}.png`), fullPage: true });
    const found = javaScriptEnabled ? violationsOn(page) : violationsWithoutScript(page, reader);
    faults.push(...(await found).map((violation) => `${state}: ${violation}`));
    if (await isTooWide(page)) faults.push(`${state}: wider than the screen`);
  }
  await Promise.all([context.close(), scripted.close()]);
  console.log(`${faults.length === 0 ? '✓' : '✗'} ${name}: ${states.length} pages`);
  for (const fault of faults) console.log(`  ${fault}`);
  return faults;
}

rmSync(folder, { recursive: true, force: true });
const [browser, client] = await Promise.all([openBrowser(), serveClient()]);
const pages = await servePages(client.origin);
let faults = 0;
for (const look of looks) faults += (await lookAtAll(browser, pages, look)).length;
await browser.close();
await Promise.all([client.close(), pages.close()]);
process.exitCode = faults === 0 ? 0 : 1;
