/** A client written for Entra's side, and every hint that is refused. */
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objectIdOf } from '../../infra/local/sign-in/entra.ts';
import { codeSentTo, put } from '../e2e/people.ts';
import { borrowStack, type Stack } from '../stack.ts';
import { type Browser, firstForm, newBrowser, type Page } from './browser.ts';
import { submit } from './relying-party.ts';

const tenant = '0a1b2c3d-0000-4000-8000-000000000001';

let stack: Stack;
let people = 0;
beforeAll(async () => {
  stack = await borrowStack();
});
afterAll(() => stack.stop());

/** Somebody whom the local tenant knows, enrolled under the object id. */
async function member(contact: object = {}): Promise<{ readonly user: string; readonly email: string }> {
  people += 1;
  const user = `e${process.pid}${people}`;
  const email = `${user}@example.com`;
  const answer = await put(stack, `entra:${tenant}:${objectIdOf(user)}`, { email, ...contact });
  expect(answer.status).toBe(201);
  return { user, email };
}

/** The page of Entra, whose form a browser posts by itself, from another site. */
async function fromEntra(browser: Browser, query: Readonly<Record<string, string>>): Promise<Page> {
  const page = await browser.open(`${stack.origin}/local/entra?${new URLSearchParams(query)}`);
  return repost(browser, page);
}

function repost(browser: Browser, page: Page): Promise<Page> {
  const { action, fields } = firstForm(page);
  return browser.post(action, fields, { crossSite: true, origin: 'https://login.microsoftonline.com' });
}

describe('a client of Entra’s side', () => {
  it('gets one acr and one amr of those it asked for, signed by a key that has a certificate', async () => {
    const { user, email } = await member();
    const browser = newBrowser();
    const choice = await fromEntra(browser, { user });
    const page = await submit(browser, choice, 'method', { method: 'Email' });
    const end = await submit(browser, page, 'code', { code: await codeSentTo(stack, email) });
    const { action, fields } = firstForm(end);
    expect(action).toBe(`${stack.origin}/local/entra/answer`);
    expect(end.headers.get('content-security-policy')).toContain(`form-action ${stack.origin}`);
    const keys = createRemoteJWKSet(new URL(`${stack.origin}/.well-known/jwks.json`));
    const currentDate = new Date(await stack.now());
    const { payload, protectedHeader } = await jwtVerify(fields['id_token'] ?? '', keys, { currentDate });
    expect(payload).toMatchObject({
      iss: stack.origin,
      aud: 'entra-local',
      sub: `pairwise-${user}`,
      acr: 'possessionorinherence',
      amr: ['otp'],
    });
    expect(protectedHeader.kid).toMatch(/^(?:[0-9a-f]{4})+$/);
    const jwks = (await (await fetch(`${stack.origin}/.well-known/jwks.json`)).json()) as { keys: object[] };
    expect(jwks.keys.every((key) => 'x5c' in key)).toBe(true);
    expect((await browser.post(action, fields)).html).toContain('Signed in');
  });

  it('gets access_denied for somebody whom nobody enrolled here, who is told so', async () => {
    const end = await fromEntra(newBrowser(), { user: 'nobody-here' });
    expect(end.html).toContain('help@example.com');
    expect(firstForm(end).fields).toMatchObject({ error: 'access_denied' });
  });

  it('is never answered by answers to questions alone', async () => {
    const { user } = await member();
    const browser = newBrowser();
    const choice = await fromEntra(browser, { user });
    const ways = await browser.open(`${choice.url}/recoveries`);
    expect(ways.html).not.toContain('value="kba"');
  });

  it('finds what it needs in discovery, with its length', async () => {
    const answer = await fetch(`${stack.origin}/.well-known/openid-configuration`);
    const text = await answer.text();
    expect(Number(answer.headers.get('content-length'))).toBe(Buffer.byteLength(text));
    expect(JSON.parse(text)).toMatchObject({
      issuer: stack.origin,
      response_types_supported: expect.arrayContaining(['id_token']),
      response_modes_supported: expect.arrayContaining(['form_post']),
      id_token_signing_alg_values_supported: ['RS256'],
      claim_types_supported: ['normal'],
    });
  });
});

describe('a hint', () => {
  it.each([
    ['of another tenant', { tid: '0a1b2c3d-0000-4000-8000-00000000000f' }],
    ['for another application', { aud: '0a1b2c3d-0000-4000-8000-00000000000f' }],
    ['that is old', { age: '301' }],
    ['of the future', { age: '-120' }],
    ['that another key signed', { key: 'other' }],
  ])('%s opens nothing, and nothing is sent anywhere', async (_what, query) => {
    const { user } = await member();
    const browser = newBrowser();
    const page = await fromEntra(browser, { user, ...query } as Record<string, string>);
    expect([page.status, page.html.includes('/local/entra/answer')]).toEqual([400, false]);
    expect(browser.cookies.size).toBe(0);
  });

  it('is good once: a replayed hint opens nothing for another browser', async () => {
    const { user } = await member();
    const [first, second] = [newBrowser(), newBrowser()];
    const posted = await first.open(`${stack.origin}/local/entra?${new URLSearchParams({ user })}`);
    expect((await repost(first, posted)).status).toBe(200);
    expect((await repost(second, posted)).status).toBe(400);
  });
});
