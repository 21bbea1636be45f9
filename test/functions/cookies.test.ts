/** The cookies of the sign-in page as a browser gets them over https, which the local stack does not have. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { WebEvent } from '../../shared/http/web-request.ts';

type Cookies = typeof import('../../functions/sign-in/cookies.ts');

const ports = '../../functions/sign-in/ports.ts';
let cookies: Cookies;
beforeAll(async () => {
  vi.resetModules();
  vi.doMock(ports, () => ({ issuer: 'https://login.example.com' }));
  cookies = await import('../../functions/sign-in/cookies.ts');
});
afterAll(() => {
  vi.doUnmock(ports);
  vi.resetModules();
});

const holding = (...held: readonly string[]) => ({ cookies: held, headers: {} }) as unknown as WebEvent;

describe('a cookie of the sign-in page', () => {
  it('is of this host alone, over https alone, and no script’s, nor another site’s form’s', () => {
    expect(cookies.cookiesFor(holding(), 'a-session-of-somebody', 'drawn', 900)).toEqual([
      '__Host-sign-in-a-session-of-som=drawn; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=900',
    ]);
  });

  it('is found under that name alone: one without the prefix is nobody’s', () => {
    const named = (name: string) => cookies.cookieValueOf(holding(`${name}=drawn`), 'a-session-of-somebody');
    expect(named('__Host-sign-in-a-session-of-som')).toBe('drawn');
    expect(named('sign-in-a-session-of-som')).toBeUndefined();
  });
});
