/** Short messages: one segment each, whatever the organisation is called, with a last line that phones can fill. */

import { visibleLine } from '../domain/text/visible-line.ts';
import type { NoticeKind } from '../domain/user-record/notice.ts';
import { fitsOneMessage, toGsm7 } from './gsm7.ts';
import { asOnePiece, type Locale, nameInText, text } from './texts.ts';

export interface SmsCode {
  readonly code: string;
  readonly organisation: string;
  /** Whole seconds that it is still good for. */
  readonly secondsLeft: number;
  readonly locale: Locale;
  /** Host to which browsers bind the code: the last line becomes `@host #code`. */
  readonly originHost?: string | undefined;
  /** ISO 3166 country of the number. */
  readonly country?: string | undefined;
}

/** India's operators match every message with a registered template, which the origin-bound line would break. */
const withoutOriginLine = ['IN'];

/**
 * The fullest wording that fits one message: with a shorter and shorter name first, then without a name, then
 * without the line for the browser. Nothing comes after that line, and no name can put another one there.
 */
export function smsForCode({
  code,
  organisation,
  secondsLeft,
  locale,
  originHost,
  country,
}: SmsCode): string {
  const bound = originHost !== undefined && !withoutOriginLine.includes(country ?? '');
  const last = bound ? `\n\n@${originHost} #${code}` : '';
  const name = Array.from(graphemes.segment(nameFor(organisation, locale)), ({ segment }) => segment);
  const lifetime = lifetimeOf(secondsLeft, locale);
  // Nobody knows a name by its first two letters; a name that has no more is whole with them.
  const least = Math.max(1, Math.min(3, name.length));
  for (let length = name.length; length >= least; length -= 1) {
    const full = text(locale, 'sms.code', {
      code,
      organisation: nameInText(name.slice(0, length).join('').trim(), locale),
      lifetime,
    });
    if (fitsOneMessage(full + last)) return full + last;
  }
  const short = text(locale, 'sms.code.short', { code });
  return fitsOneMessage(short + last) ? short + last : short;
}

export function smsForNotice(
  kind: NoticeKind,
  organisation: string,
  supportContact: string,
  locale: Locale,
): string {
  const name = nameFor(organisation, locale);
  const subject = text(locale, `notice.${kind}.subject`);
  // The contact is whole, `@` included: an address that was cut or changed reaches somebody else.
  const object = text(locale, 'notice.object', {
    supportContact: asOnePiece(visibleLine(supportContact, 128), locale),
  });
  return spelled(`${name === '' ? '' : `${nameInText(name, locale)}: `}${subject}. ${object}`, locale);
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Never more than is left. */
function lifetimeOf(seconds: number, locale: Locale): string {
  return seconds < 60
    ? text(locale, 'sms.seconds', { count: String(seconds) })
    : text(locale, 'sms.minutes', { count: String(Math.floor(seconds / 60)) });
}

/**
 * `@` and `#` are taken out of names, so that none can look like the line for the browser; out of the name as it
 * is sent, for the full-width ones become plain on the way.
 */
function nameFor(name: string, locale: Locale): string {
  return visibleLine(spelled(visibleLine(name, 40), locale).replace(/[@#＠＃]/g, ' '), 40);
}

function spelled(line: string, locale: Locale): string {
  return locale === 'ar' ? line : toGsm7(line);
}
