/**
 * Emails, as text and as HTML. The HTML works with screen readers, large type, dark mode and languages that are written
 * from right to left.
 */
import type { Purpose } from '../domain/identifiers/challenge-id.ts';
import { visibleLine } from '../domain/text/visible-line.ts';
import type { NoticeKind } from '../domain/user-record/notice.ts';
import { asOnePiece, type Locale, nameInText, text } from './texts.ts';
import { durationOf, timeLeft } from './time-left.ts';

export interface Email {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Sender {
  readonly organisation: string;
  readonly supportContact: string;
}

interface EmailCode {
  readonly code: string;
  /** What the code is for, as subject and text say it. */
  readonly purpose: Purpose;
  /** Asked for at a logon screen of Windows, where nobody has shown a password yet. */
  readonly isAnonymous?: boolean | undefined;
  /** Whole seconds that it is still good for. */
  readonly secondsLeft: number;
  /** The device that asked for the code, as its client named it. */
  readonly device?: string | undefined;
}

/** Names the device, so that people notice a request that was not theirs. SMS and calls have no room for it. */
export function emailForCode(
  { code, purpose, isAnonymous, secondsLeft, device }: EmailCode,
  sender: Sender,
  locale: Locale,
): Email {
  const values = valuesOf(sender, locale);
  const lead = text(locale, `email.${purpose}.lead`);
  const expiry = text(locale, 'email.code.expiry', { duration: durationOf(timeLeft(secondsLeft), locale) });
  const warning = text(locale, `email.${isAnonymous ? 'windows' : purpose}.warning`, values);
  return compose(locale, text(locale, `email.${purpose}.subject`, values), [
    { text: `${lead}:` },
    { text: code, code: true },
    { text: expiry },
    ...deviceLine(device, locale),
    { text: warning },
  ]);
}

interface EmailNotice {
  readonly kind: NoticeKind;
  /** When the change happened, in epoch milliseconds; the email shows it in UTC. */
  readonly at: number;
  /** Backup codes that the email brings. */
  readonly codes?: readonly string[] | undefined;
  /** Leads to the page that stops everything. */
  readonly stopLink?: string | undefined;
}

export function emailForNotice(
  { kind, at, codes = [], stopLink }: EmailNotice,
  sender: Sender,
  locale: Locale,
): Email {
  const values = valuesOf(sender, locale);
  const when = new Intl.DateTimeFormat(locale, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  }).format(at);
  return compose(locale, text(locale, `notice.${kind}.subject`), [
    { text: text(locale, `notice.${kind}.text`, values) },
    ...codes.map((code) => ({ text: code, code: true })),
    { text: `${when} UTC` },
    { text: text(locale, 'notice.object', values) },
    ...(stopLink === undefined
      ? []
      : [{ text: text(locale, 'notice.stop') }, { text: stopLink, link: true }]),
  ]);
}

interface Paragraph {
  readonly text: string;
  /** Shown in large type, as one piece that people can select and copy. */
  readonly code?: boolean;
  /** An address of ours that people can follow. */
  readonly link?: boolean;
}

function compose(locale: Locale, subject: string, paragraphs: readonly Paragraph[]): Email {
  const direction = locale === 'ar' ? 'rtl' : 'ltr';
  const body = paragraphs.map(({ text: content, code, link }) => {
    const escaped = escapeHtml(content);
    if (code)
      return `<p dir="ltr" style="font:700 32px/1.4 ui-monospace,monospace;letter-spacing:4px">${escaped}</p>`;
    return link ? `<p dir="ltr"><a href="${escaped}">${escaped}</a></p>` : `<p>${isolated(escaped)}</p>`;
  });
  const html = `<!doctype html>
<html lang="${locale}" dir="${direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escapeHtml(subject)}</title></head>
<body style="font:16px/1.5 system-ui,sans-serif;max-width:36em;margin:2em auto;padding:0 1em">
<h1 style="font-size:20px">${escapeHtml(subject)}</h1>
${body.join('\n')}
</body>
</html>
`;
  return { subject, text: `${paragraphs.map(({ text: content }) => content).join('\n\n')}\n`, html };
}

/** The name stands between isolating marks: one in another script must not change the direction of the line. */
function deviceLine(device: string | undefined, locale: Locale): Paragraph[] {
  const name = visibleLine(device ?? '', 64);
  return name === '' ? [] : [{ text: text(locale, 'email.code.device', { device: `\u2068${name}\u2069` }) }];
}

/** One line each: a name with a line break cannot add a header or a paragraph. */
function valuesOf({ organisation, supportContact }: Sender, locale: Locale) {
  return {
    organisation: nameInText(visibleLine(organisation, 64), locale),
    supportContact: asOnePiece(visibleLine(supportContact, 128), locale),
  };
}

/** Isolates as HTML has them; those in a text are all ours, since names lose theirs. */
function isolated(escaped: string): string {
  return escaped
    .replaceAll('\u2066', '<bdi dir="ltr">')
    .replaceAll('\u2068', '<bdi>')
    .replaceAll('\u2069', '</bdi>');
}

function escapeHtml(value: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return value.replace(/[&<>"']/g, (character) => entities[character] as string);
}
