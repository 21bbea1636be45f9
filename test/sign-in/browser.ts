/** A browser without JavaScript: follows redirects and forms, keeps cookies by their rules, notes every URL it saw. */

export interface Page {
  readonly status: number;
  readonly url: string;
  readonly headers: Headers;
  readonly html: string;
}

export interface Browser {
  /** Opens an address as somebody does who types it, or who follows a link of another site. */
  open(url: string, from?: Referring): Promise<Page>;
  /** Posts a form as the page of `origin` would; the browser of that page says so by itself. */
  post(url: string, fields: Readonly<Record<string, string>>, from?: Referring): Promise<Page>;
  readonly cookies: ReadonlyMap<string, string>;
  /** Every URL that was asked for, with its referrer. */
  readonly visited: readonly string[];
}

interface Referring {
  readonly origin?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** A request that another site makes: cookies with `SameSite=Lax` come along with a GET alone. */
  readonly crossSite?: true;
}

const mostRedirects = 10;

export function newBrowser(): Browser {
  const cookies = new Map<string, string>();
  const visited: string[] = [];
  const request = async (method: string, url: string, body: URLSearchParams | undefined, from: Referring) => {
    let [target, verb, sent] = [url, method, body];
    for (let round = 0; round < mostRedirects; round += 1) {
      visited.push(target);
      const withheld = from.crossSite === true && verb !== 'GET';
      const answer = await fetch(target, {
        method: verb,
        redirect: 'manual',
        headers: {
          accept: 'text/html',
          ...(cookies.size > 0 && !withheld ? { cookie: cookieHeader(cookies) } : {}),
          ...(from.origin != null && verb === 'POST' ? { origin: from.origin } : {}),
          ...(sent === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
          ...from.headers,
        },
        ...(sent === undefined ? {} : { body: sent.toString() }),
      });
      for (const cookie of answer.headers.getSetCookie()) keep(cookies, cookie);
      const location = answer.headers.get('location');
      if (answer.status < 300 || answer.status > 399 || location === null)
        return { status: answer.status, url: target, headers: answer.headers, html: await answer.text() };
      await answer.body?.cancel();
      target = new URL(location, target).href;
      [verb, sent] = ['GET', undefined];
    }
    throw new Error('too many redirects');
  };
  return {
    cookies,
    visited,
    open: (url, from = {}) => request('GET', url, undefined, from),
    post: (url, fields, from = { origin: new URL(url).origin }) =>
      request('POST', url, new URLSearchParams(fields), from),
  };
}

const cookieHeader = (cookies: ReadonlyMap<string, string>): string =>
  Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; ');

function keep(cookies: Map<string, string>, text: string): void {
  const [pair = '', ...attributes] = text.split('; ');
  const at = pair.indexOf('=');
  const isOver = attributes.some((each) => each.toLowerCase() === 'max-age=0');
  if (isOver) cookies.delete(pair.slice(0, at));
  else cookies.set(pair.slice(0, at), pair.slice(at + 1));
}

/** The heading of a page, which says what it is. */
export function headingOf({ html }: Page): string {
  return unescaped(/<h1>([\s\S]*?)<\/h1>/.exec(html)?.[1]?.replace(/<[^>]*>/g, '') ?? '');
}

export interface Form {
  readonly action: string;
  /** Those that are hidden. */
  readonly fields: Record<string, string>;
}

/** The form for an act of a session. */
export function formOf(page: Page, act: string): Form {
  const forms = page.html.match(/<form[\s\S]*?<\/form>/g) ?? [];
  const form = forms.find((each) => each.includes(`name="act" value="${act}"`));
  if (form === undefined) throw new Error(`the page has no form for ${act}`);
  return readForm(form, page);
}

/** The first form of a page: the only one of a page that answers another site. */
export function firstForm(page: Page): Form {
  return readForm(/<form[\s\S]*?<\/form>/.exec(page.html)?.[0] ?? '', page);
}

function readForm(form: string, { url }: Page): Form {
  const action = unescaped(/<form[^>]* action="([^"]*)"/.exec(form)?.[1] ?? url);
  const fields = Object.fromEntries(
    Array.from(form.matchAll(/<input[^>]*type="hidden"[^>]*>/g), ([input]) => [
      unescaped(/ name="([^"]*)"/.exec(input)?.[1] ?? ''),
      unescaped(/ value="([^"]*)"/.exec(input)?.[1] ?? ''),
    ]),
  );
  return { action: new URL(action, url).href, fields };
}

/** Where the way back leads: the link of the page. */
export function linkOf({ html }: Page): string {
  const found = /<a[^>]* href="(https?:[^"]*)"/.exec(html)?.[1];
  if (found === undefined) throw new Error('the page has no way back');
  return unescaped(found);
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' };

const unescaped = (text: string): string =>
  text.replace(/&(?:#(\d+)|(\w+));/g, (entity, number?: string, name = '') =>
    number === undefined ? (named[name] ?? entity) : String.fromCodePoint(Number(number)),
  );
