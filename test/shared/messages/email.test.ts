/** Emails with codes, as text and as HTML. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emailForCode, emailForNotice, type Sender } from '../../../shared/messages/email.ts';
import { locales } from '../../../shared/messages/texts.ts';

const sender: Sender = { organisation: 'ExampleCo', supportContact: 'help@example.com' };
const at = Date.UTC(2026, 0, 31, 13, 5);

describe('the email with a code', () => {
  test('says the same as text and as HTML', () => {
    const { subject, text, html } = emailForCode(
      { purpose: 'sign-in', code: '123456', secondsLeft: 300 },
      sender,
      'en',
    );
    expect(subject).toBe('Your sign-in code for ExampleCo');
    for (const part of [text, html]) {
      expect(part).toContain('123456');
      expect(part).toContain('5 minutes');
      expect(part).toContain('help@example.com');
    }
  });

  test('does not show the code in its subject, which lock screens do', () => {
    for (const locale of locales)
      expect(
        emailForCode({ purpose: 'sign-in', code: '123456', secondsLeft: 300 }, sender, locale).subject,
      ).not.toContain('123456');
  });

  test.each(locales)('has the code in one element of its own in %s, so that it can be copied', (locale) => {
    const { html, text } = emailForCode(
      { purpose: 'sign-in', code: '123456', secondsLeft: 300 },
      sender,
      locale,
    );
    expect(html.match(/<p dir="ltr"[^>]*>123456<\/p>/g)).toHaveLength(1);
    expect(text.split('\n')).toContain('123456');
  });

  test.each(locales)('tells a screen reader its language and direction in %s', (locale) => {
    const { html, subject } = emailForCode(
      { purpose: 'sign-in', code: '123456', secondsLeft: 300 },
      sender,
      locale,
    );
    expect(html).toContain(`<html lang="${locale}" dir="${locale === 'ar' ? 'rtl' : 'ltr'}">`);
    expect(html).toContain(`<title>${subject}</title>`);
    expect(html.match(/<h1/g)).toHaveLength(1);
  });

  test('loads nothing: no image, link, script or style sheet', () => {
    expect(
      emailForCode({ purpose: 'sign-in', code: '123456', secondsLeft: 300 }, sender, 'en').html,
    ).not.toMatch(/<(img|a|script|link|style|iframe)\b|url\(|src=/i);
  });

  test.each([
    ['en', 1, 'expires in 1 minute and'],
    ['en', 5, 'expires in 5 minutes and'],
    ['de', 1, 'ist 1 Minute gültig'],
    ['fr', 1, 'expire dans 1 minute et'],
    ['es', 1, 'Caduca en 1 minuto y'],
    ['ar', 1, 'خلال دقيقة'],
    ['ar', 10, 'خلال 10 دقائق'],
    ['en', 0.5, 'expires in 30 seconds and'],
    ['en', 1.9, 'expires in 1 minute and'],
    ['de', 0.75, 'ist 45 Sekunden gültig'],
  ] as const)('counts in %s as people do: %d', (locale, minutes, wording) => {
    expect(
      emailForCode(
        { purpose: 'sign-in', code: '123456', secondsLeft: Math.floor(minutes * 60) },
        sender,
        locale,
      ).text,
    ).toContain(wording);
  });

  test.each(locales)('names the device that asked, as one line of plain text, in %s', (locale) => {
    const of = (device: string) =>
      emailForCode({ purpose: 'sign-in', code: '123456', secondsLeft: 300, device }, sender, locale);
    const { text, html } = of('<b>Anna’s PC</b>\r\n{code} \u202Eevil');
    expect(text.split('\n').filter((line) => line.includes('Anna'))).toEqual([
      expect.stringMatching(/\u2068<b>Anna’s PC<\/b> \{code\} evil\u2069$/),
    ]);
    expect(html).toContain('&lt;b&gt;Anna’s PC&lt;/b&gt; {code} evil');
    expect(of('\u202E \n')).toEqual(
      emailForCode({ purpose: 'sign-in', code: '123456', secondsLeft: 300 }, sender, locale),
    );
  });

  test.each([
    ['+1 202-555-0100', '\u2066+1 202-555-0100\u2069', '<bdi dir="ltr">+1 202-555-0100</bdi>'],
    ['help@example.com', '\u2066help@example.com\u2069', '<bdi dir="ltr">help@example.com</bdi>'],
    ['مكتب الدعم 12', '\u2068مكتب الدعم 12\u2069', '<bdi>مكتب الدعم 12</bdi>'],
  ])('reads right in Arabic: %s is one piece', (supportContact, inText, inHtml) => {
    const mails = [
      emailForCode(
        { purpose: 'sign-in', code: '123456', secondsLeft: 300 },
        { ...sender, supportContact },
        'ar',
      ),
      emailForNotice({ kind: 'code-used', at }, { ...sender, supportContact }, 'ar'),
    ];
    for (const { text, html } of mails) {
      expect(text).toContain(inText);
      expect(html).toContain(inHtml);
    }
    const [code] = mails;
    expect(code?.subject).toContain('\u2068ExampleCo\u2069');
  });

  test('keeps the joiners of an emoji and of Persian in names', () => {
    const device = '👩‍💻 رایانه‌ام';
    const { text, html } = emailForCode(
      { purpose: 'sign-in', code: '123456', secondsLeft: 300, device },
      sender,
      'en',
    );
    for (const part of [text, html]) expect(part).toContain(device);
  });

  test('email header injection: adds no header by a name with line breaks', () => {
    const organisation = 'ExampleCo\r\nBcc: eve@example.com\u2028X: y';
    const { subject } = emailForCode(
      { purpose: 'sign-in', code: '123456', secondsLeft: 300 },
      { ...sender, organisation },
      'en',
    );
    expect(subject).toBe('Your sign-in code for ExampleCo Bcc: eve@example.com X: y');
  });

  test('template injection: shows a name as it is, and runs none of it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", '/', 'b', '{code}'), maxLength: 30 }),
        (name) => {
          const { html } = emailForCode(
            { purpose: 'sign-in', code: '123456', secondsLeft: 300 },
            { organisation: name, supportContact: name },
            'en',
          );
          const harmless = emailForCode(
            { purpose: 'sign-in', code: '123456', secondsLeft: 300 },
            { organisation: 'n', supportContact: 'n' },
            'en',
          ).html;
          expect(html.match(/<[^>]*>/g)).toEqual(harmless.match(/<[^>]*>/g));
          expect(html.split('123456')).toHaveLength(2);
        },
      ),
    );
  });
});

describe('the email that notifies', () => {
  test.each([
    'address-changed',
    'questions-changed',
    'codes-generated',
    'code-used',
    'codes-running-low',
    'recovery-succeeded',
    'answers-accepted',
    'messages-used-up',
    'names-changed',
  ] as const)('of %s says in every language what happened and whom to tell', (kind) => {
    const emails = locales.map((locale) => emailForNotice({ kind, at }, sender, locale));
    for (const { subject, text, html } of emails) {
      expect(html).toContain(`<h1 style="font-size:20px">${subject}</h1>`);
      for (const part of [text, html]) expect(part).toContain('help@example.com');
      expect(text).toContain('ExampleCo');
    }
    expect(new Set(emails.map(({ subject }) => subject)).size).toBe(locales.length);
  });

  test('says when, and in which time zone', () => {
    const { text } = emailForNotice({ kind: 'code-used', at }, sender, 'en');
    expect(text).toMatch(/January 31, 2026.* 1:05\sPM UTC/);
  });
});
