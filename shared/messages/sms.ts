/** SMS texts: a code always fits one message, and its last line lets browsers fill the code in. */
import type { Purpose } from '../domain/identifiers/challenge-id.ts';
import { visibleLine } from '../domain/text/visible-line.ts';
import type { NoticeKind } from '../domain/user-record/notice.ts';
import { fitsOneMessage, toGsm7 } from './gsm7.ts';
import { asOnePiece, type Locale, nameInText, text } from './texts.ts';
import { timeLeft } from './time-left.ts';

export interface SmsCode {
  readonly code: string;
  /** What the code is for, as the text says it. */
  readonly purpose: Purpose;
  readonly organisation: string;
  /** Whole seconds that it is still good for. */
  readonly secondsLeft: number;
  readonly locale: Locale;
  /** The host that browsers bind the code to: the last line becomes `@host #code`. */
  readonly originHost?: string | undefined;
  /** The number's country, ISO 3166. */
  readonly country?: string | undefined;
}

/** India's operators match every message against a registered template, which the last line would break. */
const withoutOriginLine = ['IN'];

/**
 * The fullest wording that fits one message. It shortens the organisation's name first, then drops the name, then the
 * line for the browser. That line is always the last, and no name can look like it.
 */
export function smsForCode({
  code,
  purpose,
  organisation,
  secondsLeft,
  locale,
  originHost,
  country,
}: SmsCode): string {
  // A caller's code belongs in no page, so no browser may fill it in.
  const bound =
    originHost !== undefined && purpose !== 'caller' && !withoutOriginLine.includes(country ?? '');
  const last = bound ? `\n\n@${originHost} #${code}` : '';
  const name = Array.from(graphemes.segment(nameFor(organisation, locale)), ({ segment }) => segment);
  const lifetime = lifetimeOf(secondsLeft, locale);
  // Two letters do not identify an organisation, unless its whole name is that short.
  const least = Math.max(1, Math.min(3, name.length));
  for (let length = name.length; length >= least; length -= 1) {
    const full = text(locale, `sms.${purpose}.code`, {
      code,
      organisation: nameInText(name.slice(0, length).join('').trim(), locale),
      lifetime,
    });
    if (fitsOneMessage(full + last)) return full + last;
  }
  const short = text(locale, `sms.${purpose}.short`, { code });
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
  // Uncut and with its `@`: a shortened or changed address would reach somebody else.
  const object = text(locale, 'notice.object', {
    supportContact: asOnePiece(visibleLine(supportContact, 128), locale),
  });
  return spelled(`${name === '' ? '' : `${nameInText(name, locale)}: `}${subject}. ${object}`, locale);
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

function lifetimeOf(seconds: number, locale: Locale): string {
  const { count, unit } = timeLeft(seconds);
  return text(locale, unit === 'second' ? 'sms.seconds' : 'sms.minutes', { count: String(count) });
}

/**
 * Takes `@` and `#` out of the name, so that it cannot look like the line for the browser. It does so after the
 * conversion to GSM 7-bit, which turns full-width ones into plain ones.
 */
function nameFor(name: string, locale: Locale): string {
  return visibleLine(spelled(visibleLine(name, 40), locale).replace(/[@#＠＃]/g, ' '), 40);
}

function spelled(line: string, locale: Locale): string {
  return locale === 'ar' ? line : toGsm7(line);
}
