/** One page as a whole: its head, the frame that all pages share, and the headers that it is answered with. */
import { createHash } from 'node:crypto';
import type { PageTextKey } from '../messages/page-texts.ts';
import { type Html, html, nothing, verbatim } from './html.ts';
import type { Words } from './page-language.ts';
import { answerScript, pageScript } from './script.ts';
import { signInPaths } from './sign-in-form.ts';
import type { PageFrame, PageSession, RenderedPage } from './sign-in-page.ts';
import { styleFor } from './style.ts';

/** What one kind of page adds to the frame. */
export interface Content {
  readonly heading: PageTextKey;
  readonly body: Html;
  /** Above the heading: a sign, or the step. */
  readonly above?: Html | undefined;
  /** A form came back: the title says so first. */
  readonly isError?: boolean;
  readonly session?: PageSession | undefined;
  /** Changes whenever another page is due, for a page that waits. */
  readonly state?: string;
  /** Seconds between the looks at what is due. */
  readonly gaps?: readonly number[];
  /** Goes on by itself after so many seconds: always, or without JavaScript alone. */
  readonly refresh?: { readonly seconds: number; readonly url: string; readonly always: boolean };
  /** Where forms may go: this origin, unless a page answers another. */
  readonly formTarget?: string;
  readonly submitsItself?: boolean;
  readonly statusCode?: number;
}

export function documentOf(content: Content, frame: PageFrame, words: Words): RenderedPage {
  const style = styleFor(frame.branding.colour);
  const script = content.submitsItself ? answerScript : content.session && pageScript;
  const title = `${content.isError ? `${words.plain('error.prefix')} ` : ''}${words.plain(content.heading)}`;
  const page = html`<!doctype html>
<html lang="${frame.language}" dir="${frame.language === 'ar' ? 'rtl' : 'ltr'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} – ${frame.branding.organisation}</title>
<link rel="icon" href="${frame.branding.logo ?? 'data:,'}">
${refreshOf(content)}${verbatim('style', style)}
</head>
<body${sessionData(content, words)}>
<main data-state="${content.state}" data-gaps="${content.gaps?.join(' ')}">
${brandOf(frame)}
${content.above}
<h1>${words.say(content.heading)}</h1>
${content.body}
</main>
<footer><p>${words.say('help')}</p></footer>
<p class="unseen" id="said" aria-live="polite"></p>
${script === undefined ? nothing : verbatim('script', script)}
</body>
</html>
`;
  return {
    statusCode: content.statusCode ?? 200,
    headers: headersFor(content, style, script),
    body: page.markup.replace(/\n{2,}/g, '\n'), // where a part is nothing
  };
}

/** The organisation by its logo, else by its first letter, and always by its name. */
function brandOf({ branding: { organisation, logo } }: PageFrame): Html {
  const [letter = ''] = Array.from(organisation.trim());
  const sign =
    logo === undefined ? html`<i aria-hidden="true">${letter}</i>` : html`<img src="${logo}" alt="">`;
  return html`<p class="brand">${sign}<bdi>${organisation}</bdi></p>`;
}

function refreshOf({ refresh }: Content): Html {
  if (refresh === undefined) return nothing;
  const tag = html`<meta http-equiv="refresh" content="${refresh.seconds};url=${refresh.url}">`;
  return refresh.always ? tag : html`<noscript>${tag}</noscript>`;
}

const lastWarning = 120; // seconds; the script says it then

function sessionData({ session }: Content, words: Words): Html {
  if (session === undefined) return nothing;
  const ending = words.plain('session.ending', { left: words.lasting(lastWarning) });
  const { here } = signInPaths(session.handle);
  return html` data-here="${here}" data-ends="${words.seconds(session.endsAt)}" data-ending="${ending}"`;
}

/**
 * `Referrer-Policy` decides about `Origin` too: with `no-referrer`, a browser calls a page's own forms `null`. Those of
 * a session say their origin to this origin; the answer says to the other which origin it comes from, and no path.
 */
function headersFor(content: Content, style: string, script: string | undefined): RenderedPage['headers'] {
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': [
      "default-src 'none'",
      `style-src ${hashOf(style)}`,
      `script-src ${script === undefined ? "'none'" : hashOf(script)}`,
      'img-src data:',
      `connect-src ${content.gaps === undefined ? "'none'" : "'self'"}`,
      `form-action ${content.formTarget ?? "'self'"}`,
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; '),
    'referrer-policy': content.formTarget === undefined ? 'same-origin' : 'strict-origin',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY', // for browsers that do not know frame-ancestors
  };
}

const hashes = new Map<string, string>();

function hashOf(content: string): string {
  const known = hashes.get(content);
  if (known !== undefined) return known;
  const hash = `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
  hashes.set(content, hash);
  return hash;
}
