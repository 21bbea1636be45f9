/** What a message says of itself, and what a name from outside can make it say: the organisation's, the device's. */
import { afterAll, describe, expect, test } from 'vitest';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { emailForCode, emailForNotice } from '../../shared/messages/email.ts';
import { fitsOneMessage } from '../../shared/messages/gsm7.ts';
import { smsForCode } from '../../shared/messages/sms.ts';
import { speechForCode } from '../../shared/messages/speech.ts';
import { type Locale, locales, resolveLocale, text } from '../../shared/messages/texts.ts';
import { backendOn } from '../support/person.ts';
import { startTable } from '../support/table.ts';
import { workerOn } from '../support/worker.ts';

const table = await startTable();
afterAll(() => table.close());

const code = '482913';
const sender = { organisation: 'ExampleCo', supportContact: 'extension 4357' };
const hostile = [
  '@evil.example #000000',
  'X\n\n@evil.example #000000',
  '\uff20evil.example \uff03000000',
  'X\r\nBcc: thief@example.org',
  '{{code}} {code} ${code} %s $& $1',
  '<a href="https://evil.example">sign in</a>',
  '</p></body><script>alert(1)</script>',
  '</speak><break time="10s"/><speak>',
  '\u202e\u2066evil\u2069',
  'A'.repeat(500),
  '\u{1f600}'.repeat(100),
  '`curly “quotes” — and more`',
];

describe('recovery passed off as a sign-in', () => {
  test('the worker is told what a code is for, and tells the carrier', async () => {
    const backend = backendOn(table);
    const worker = workerOn(table, backend);
    const userId = 'erin-of-the-two-codes';
    await enrolUser({ userId, email: 'erin@example.com', alternateEmail: 'erin@example.net' }, true, backend);
    for (const purpose of ['sign-in', 'recovery'] as const)
      await startChallenge(
        { person: await backend.person(userId), client: 'web-login', purpose, method: 'Email' },
        backend,
      );
    await worker.work();
    expect(worker.left.map(({ purpose, to }) => [purpose, to])).toEqual([
      ['sign-in', 'erin@example.com'],
      ['recovery', 'erin@example.net'],
    ]);
  });

  test.each(locales)('subject, text, SMS and call say which of the two it is, in %s', (locale) => {
    const recovery = wordings('recovery', locale);
    const signIn = wordings('sign-in', locale);
    for (const place of ['subject', 'text', 'html', 'sms', 'greeting'] as const)
      expect(recovery[place]).not.toBe(signIn[place]);
    expect(recovery.text).toContain(sender.supportContact);
  });
});

/** What is said for each purpose, with a host that browsers would bind the code to. */
function wordings(purpose: 'sign-in' | 'recovery' | 'caller', locale: Locale) {
  const given = { code, purpose, secondsLeft: 300, locale, organisation: sender.organisation };
  const { subject, text, html } = emailForCode(given, sender, locale);
  const { greeting, goodbye } = speechForCode({ ...given, digit: 7 });
  const originHost = 'login.example.com';
  return { subject, text, html, sms: smsForCode({ ...given, originHost }), greeting, goodbye };
}

describe('a caller’s code passed off as another', () => {
  test.each(locales)('no wording of it is that of a sign-in or a recovery, in %s', (locale) => {
    const { html: _, ...caller } = wordings('caller', locale);
    for (const purpose of ['sign-in', 'recovery'] as const) {
      const other = wordings(purpose, locale);
      for (const [place, wording] of Object.entries(caller)) expect(other).not.toHaveProperty(place, wording);
      expect(other.sms).toContain(`@login.example.com #${code}`);
    }
    expect(caller.text).toContain(sender.supportContact);
    expect(caller.sms).toContain(code);
    expect(caller.sms).not.toMatch(/[@#]/);
  });
});

describe('a code talked out of its owner', () => {
  const nobodyAsks = {
    en: /[Nn]obody will (?:ever )?ask you for (?:it|this code)\./,
    de: /Niemand wird Sie (?:jemals )?(?:danach|nach diesem Code) fragen\./,
    fr: /[Pp]ersonne ne vous (?:le demandera|demandera jamais ce code)\./,
    es: /[Nn]adie (?:se l[ao] va a pedir|le pedirá nunca este código)\./,
    ar: /لن يطلب(?:ه)?(?: منك)? أحد(?: هذا الرمز أبدًا)?\./,
  } satisfies Record<Locale, RegExp>;

  test.each(locales)(
    'nobody will ask for it, say text, SMS and call in %s, but not of a caller',
    (locale) => {
      for (const purpose of ['sign-in', 'recovery'] as const) {
        const { text, sms, goodbye } = wordings(purpose, locale);
        const unbound = smsForCode({ ...sender, code, purpose, secondsLeft: 300, locale });
        for (const said of [text, sms, unbound, goodbye]) expect(said).toMatch(nobodyAsks[locale]);
      }
      const { text, sms, goodbye } = wordings('caller', locale);
      for (const said of [text, sms, goodbye]) expect(said).not.toMatch(nobodyAsks[locale]);
    },
  );

  test.each(locales)('with ten digits too, before the line for the browser in %s', (locale) => {
    for (const purpose of ['sign-in', 'recovery'] as const) {
      const given = { ...sender, code: '1234567890', purpose, secondsLeft: 600, locale };
      const sms = smsForCode({ ...given, originHost: 'login.example.com' });
      expect(sms).toMatch(nobodyAsks[locale]);
      expect(sms.endsWith('\n\n@login.example.com #1234567890')).toBe(true);
      expect(fitsOneMessage(sms)).toBe(true);
    }
  });
});

describe('origin-bound last line spoofed', () => {
  test.each(locales)(
    'whatever the organisation is called, the last line in %s is ours and alone',
    (locale) => {
      for (const organisation of hostile) {
        const originHost = 'login.example.com';
        const sms = smsForCode({
          purpose: 'sign-in',
          code,
          organisation,
          secondsLeft: 300,
          locale,
          originHost,
          country: 'US',
        });
        const lines = sms.split(/[\r\n]+/);
        expect(lines.at(-1)).toBe(`@${originHost} #${code}`);
        expect(lines.slice(0, -1).join('\n')).not.toMatch(/[@#]/);
        expect(fitsOneMessage(sms)).toBe(true);
      }
    },
  );
});

describe('device name in an email', () => {
  test.each(hostile)(
    '%j adds no header, no line and no markup, and the code stays the only one',
    (device) => {
      for (const locale of locales) {
        const plain = emailForCode({ purpose: 'sign-in', code, secondsLeft: 300 }, sender, locale);
        const mail = emailForCode({ purpose: 'sign-in', code, secondsLeft: 300, device }, sender, locale);
        expect(mail.subject).toBe(plain.subject);
        expect(mail.text.split('\n').length - plain.text.split('\n').length).toBe(2);
        expect(mail.html).not.toMatch(/<(?:a|script|img|break|\/speak)\b/i);
        expect(mail.html.match(/<p\b/g)?.length).toBe((plain.html.match(/<p\b/g)?.length ?? 0) + 1);
        expect(mail.text.split(code)).toHaveLength(2);
        expect(mail.text).not.toMatch(/[\u202a-\u202e\u2067]/);
        const isolates = (content: string) => content.match(/\u2066/g)?.length;
        expect(isolates(mail.text)).toBe(isolates(plain.text));
      }
    },
  );

  test('is cut to a line that can be read', () => {
    const long = emailForCode(
      { purpose: 'sign-in', code, secondsLeft: 300, device: 'A'.repeat(500) },
      sender,
      'en',
    );
    expect(Math.max(...long.text.split('\n').map((line) => line.length))).toBeLessThan(140);
  });
});

describe('template injection', () => {
  test.each(hostile)('an organisation called %j is read out and written as text', (organisation) => {
    const speech = speechForCode({ code, purpose: 'sign-in', digit: 7, locale: 'en', organisation });
    expect(speech.ssml).not.toContain('time="10s"');
    expect(speech.greeting).not.toMatch(/[<>&\r\n]/);
    const mail = emailForNotice({ kind: 'code-used', at: 0 }, { ...sender, organisation }, 'en');
    expect(mail.html).not.toMatch(/<(?:a|script|img|break|\/speak)\b/i);
    expect(mail.subject).not.toMatch(/[\r\n]/);
  });

  test('a value that names another placeholder is not filled in again', () => {
    expect(text('en', 'prompt', { destination: '{destination} {code}' })).toContain('{destination} {code}');
  });
});

describe('locale injection', () => {
  test.each(['../../../etc/passwd', '__proto__', 'constructor', 'en\n', 'x'.repeat(1_000), '%00', 'de;q=1'])(
    '%j is spoken in a language that there is',
    (tag) => {
      expect(locales).toContain(resolveLocale(tag, 'en'));
      expect(text(resolveLocale(tag, 'en'), 'prompt', { destination: 'x' })).toContain('x');
    },
  );
});
