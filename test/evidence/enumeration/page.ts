/** What the sign-in page shows of a name before anything is chosen, with that blotted out which is of one session. */
import { newBrowser } from '../../sign-in/browser.ts';
import { beginLogin } from '../../sign-in/relying-party.ts';
import type { Stack } from '../../stack.ts';

/** Handles, steps and values of cookies. */
const drawn = /[\w-]{22,}/g;

/** Status, headers with cookies, and the page. */
export async function pageOf(stack: Stack, name: string): Promise<string> {
  const { authorizationUrl } = await beginLogin(stack, { person: name });
  const browser = newBrowser();
  const { status, headers, html } = await browser.open(authorizationUrl);
  if (status !== 200) throw new Error(`the page answered ${status}`);
  const shown = html.replaceAll(name, 'the name').replace(drawn, 'drawn').replace(/\d+/g, '#');
  const seen = Array.from(headers, ([header, value]) =>
    header === 'date' || header === 'content-length' ? header : `${header}: ${value.replace(drawn, 'drawn')}`,
  );
  return JSON.stringify({ status, seen, cookies: browser.cookies.size, shown });
}
