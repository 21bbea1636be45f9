/** Short messages: one segment each, whatever the organisation is called, with a last line that phones can fill. */
import type { NoticeKind } from '../domain/user-record.ts';
import { fitsOneMessage, toGsm7 } from './gsm7.ts';
import { type Locale, text, visibleLine } from './texts.ts';

export interface SmsCode {
  readonly code: string;
  readonly organisation: string;
  readonly minutes: number;
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
export function smsForCode({ code, organisation, minutes, locale, originHost, country }: SmsCode): string {
  const bound = originHost !== undefined && !withoutOriginLine.includes(country ?? '');
  const last = bound ? `\n\n@${originHost} #${code}` : '';
  const name = nameFor(organisation, locale);
  for (let length = name.length; length >= 3; length -= 1) {
    const full = text(locale, 'sms.code', {
      code,
      organisation: name.slice(0, length).trim(),
      minutes: String(minutes),
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
  const object = text(locale, 'notice.object', { supportContact: nameFor(supportContact, locale) });
  const notice = `${name}: ${text(locale, `notice.${kind}.subject`)}. ${object}`;
  return locale === 'ar' ? notice : toGsm7(notice);
}

/** `@` and `#` are taken out of names, so that none can look like the line for the browser. */
function nameFor(name: string, locale: Locale): string {
  const line = visibleLine(name.replace(/[@#]/g, ' '), 40);
  return locale === 'ar' ? line : toGsm7(line);
}
