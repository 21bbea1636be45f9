import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeSentTo, enrol } from '../e2e/people.ts';
import { borrowStack, type Stack } from '../stack.ts';
import { beginLogin, callback, signIn } from './relying-party.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await borrowStack();
});
afterAll(() => stack.stop());

describe('openid-client, unmodified', () => {
  it.each(['web-login', 'web-login-jwt'] as const)(
    'gets a person back who typed a code, as %s',
    async (client) => {
      const person = await enrol(stack);
      const login = await beginLogin(stack, { person: person.userId, client });
      const { end, answerUrl } = await signIn(stack, login, 'Email', () => codeSentTo(stack, person.email));
      expect(end.status).toBe(200);
      expect(answerUrl.startsWith(`${callback}?`)).toBe(true);
      expect(await login.finish(answerUrl)).toMatchObject({
        iss: stack.origin,
        aud: client,
        preferred_username: person.userId,
        acr: 'urn:mfa-fallback:acr:otp-email',
        amr: ['otp'],
      });
    },
  );
});
