/** A page of the local stack around the sign-in page: its frame, its policy, and text made safe for it. */
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

const style = `:root { color-scheme: light dark } body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 0 auto;
  padding: 2rem 1rem } form { display: grid; gap: 1rem; max-width: 20rem } label { display: grid; gap: .25rem }
  input, button { font: inherit; padding: .5rem .75rem; min-height: 2.75rem } pre { white-space: pre-wrap; overflow-wrap: anywhere }`;
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** @param content HTML, with everything from outside escaped @param script that the page runs at its end */
export function sendPage(
  response: ServerResponse,
  status: number,
  title: string,
  content: string,
  script = '',
): void {
  const sources = script === '' ? "'none'" : hashOf(script);
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'same-origin',
    // The way on is a redirect after a form, which Chromium holds against form-action: so there is none.
    'content-security-policy': `default-src 'none'; style-src ${hashOf(style)}; script-src ${sources}; base-uri 'none'; frame-ancestors 'none'`,
  });
  response.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<title>${escaped(title)}</title><style>${style}</style><main><h1>${escaped(title)}</h1>${content}</main>` +
      (script === '' ? '' : `<script>${script}</script>`),
  );
}
