/** What single pages of the sign-in show and leave out. */
import { describe, expect, test } from 'vitest';
import { renderSignIn } from '../../../shared/pages/render-sign-in.ts';
import type { CodePage, SignInPage } from '../../../shared/pages/sign-in-page.ts';
import { frame, now, renderState, session } from '../../pages/states.ts';

const bodyOf = (page: SignInPage) => renderSignIn(page, frame).body;
const code: CodePage = {
  page: 'code',
  session,
  method: 'SMS',
  destination: '•••• ••23',
  codeLength: 8,
  expiresAt: now + 290_000,
  resendAt: now - 1,
  attemptsRemaining: 5,
  delivery: 'sent',
  otherWays: true,
};

describe('the field for a code', () => {
  const [field = ''] = /<input id="code"[^>]*>/.exec(bodyOf(code)) ?? [];

  test('is one, which a phone fills and a whole message fits into', () => {
    expect(field).toContain('autocomplete="one-time-code"');
    expect(field).toContain('inputmode="numeric"');
    expect(field).toContain('type="text"');
    expect(field).not.toMatch(/maxlength|pattern|required/);
    expect(bodyOf(code).match(/ name="code"/g)).toHaveLength(1);
    expect(bodyOf(code)).toContain('8-digit code');
  });

  test('asks the browser for an SMS only where one was sent', () => {
    expect(field).toContain('data-sms');
    for (const method of ['Email', 'Call'] as const)
      expect(bodyOf({ ...code, method })).not.toContain('data-sms');
  });

  test('stands beside the warning against being talked out of it', () => {
    expect(bodyOf(code)).toContain('Never tell anyone this code.');
    expect(field).toMatch(/aria-describedby="[^"]*share"/);
  });
});

test('few attempts are said, many are not, and those of a code that was not compared are not', () => {
  const rejected = (attemptsRemaining: number) => bodyOf({ ...code, problem: 'rejected', attemptsRemaining });
  expect(rejected(3)).not.toContain('Attempts left');
  expect(rejected(2)).toContain('Attempts left: 2');
  expect(rejected(1)).toContain('This is the last attempt.');
  expect(bodyOf({ ...code, problem: 'malformed', attemptsRemaining: 1 })).not.toContain('last attempt');
});

test('what is out of order is shown with the reason and cannot be chosen', () => {
  const { body } = renderState('choose-out-of-order', frame);
  expect(body).toMatch(/value="SMS" disabled>\s*<span><b>Text message<\/b><small>Out of order/);
  expect(body).toMatch(/value="Email" checked/);
});

test('where nothing can be chosen there is nothing to send', () => {
  const methods = [{ method: 'SMS', destination: '•••• ••23', outOfOrder: true }] as const;
  expect(bodyOf({ page: 'choose', session, methods, recoveries: true })).not.toContain('Send code');
});

test('the way back goes on by itself when there is nothing to read, and otherwise waits', () => {
  expect(renderState('way-back-verified', frame).body).toContain(
    '<meta http-equiv="refresh" content="0;url=https://client.example/callback?code=1&#38;state=2">',
  );
  expect(renderState('way-back-gave-up', frame).body).toContain('http-equiv="refresh"');
  expect(renderState('way-back-unknown-person', frame).body).not.toContain('http-equiv="refresh"');
});

test.each(['javascript:alert(1)', 'data:text/html,x', 'JavaScript:alert(1)', ' javascript:alert(1)'])(
  'open redirect: a way back to %j is no page',
  (url) => {
    expect(() => bodyOf({ page: 'way-back', outcome: 'failed', url })).toThrow();
    expect(() => bodyOf({ page: 'answer', outcome: 'failed', action: url, fields: {} })).toThrow();
  },
);

test('a client with a scheme of its own gets the person back', () => {
  expect(bodyOf({ page: 'way-back', outcome: 'verified', url: 'com.example.app:/back?code=1' })).toContain(
    'href="com.example.app:/back?code=1"',
  );
});

test.each([
  ['+1 202 555 0100', 'href="tel:+12025550100"'],
  ['https://help.example.com/x', 'href="https://help.example.com/x"'],
  ['Call reception', '<bdi>Call reception</bdi>'],
  ['javascript:alert(1)', '<bdi>javascript:alert(1)</bdi>'],
])('the support line %j is %s', (supportContact, expected) => {
  const branding = { ...frame.branding, supportContact };
  expect(renderSignIn({ page: 'session-over' }, { ...frame, branding }).body).toContain(expected);
});

test('times on a page count from the clock of the door', () => {
  const page: SignInPage = { page: 'locked', session, until: now + 480_000 };
  expect(bodyOf(page)).toContain('data-wait="480"');
  expect(renderSignIn(page, { ...frame, now: now + 470_000 }).body).toContain('data-wait="10"');
});

test.each(['questions', 'backup-code', 'recovery'] as const)(
  'where %s is spent and no other way is open, none is named but the help desk',
  (what) => {
    const spent = (otherWays: boolean) => bodyOf({ page: 'spent', session, what, otherWays });
    expect(spent(true)).toContain('Try another way');
    expect(spent(false)).not.toContain('another way');
    expect(spent(false)).toContain('The help desk can help you');
  },
);
