/** What people read at the logon screen of Windows: one short line at a time, in the language of the PC. */
import { asOnePiece, type Locale, type TextKey, text } from './texts.ts';

/** What a person may type now: a number, where it has one, and its word. */
export interface Option {
  readonly number?: number;
  readonly label: string;
}

/** `1 sms, 2 email, again` */
export function optionsText(options: readonly Option[], locale: Locale): string {
  return options
    .map(({ number, label }) => asOnePiece(number === undefined ? label : `${number} ${label}`, locale))
    .join(locale === 'ar' ? '، ' : ', ');
}

/** Sentences one after the other; their texts have no full stop, since the client joins and ends them itself. */
export function inOneLine(...sentences: readonly string[]): string {
  return sentences.join('. ');
}

/** `45 seconds`, `12 minutes`, `3 hours`: never less than what is left. */
export function waitText(milliseconds: number, locale: Locale): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  const [unit, size] = spans.find(([, least]) => seconds >= 2 * least) ?? ['second', 1];
  const form = { style: 'unit', unit, unitDisplay: 'long' } as const;
  return new Intl.NumberFormat(`${locale}-u-nu-latn`, form).format(Math.ceil(seconds / size));
}

const spans = [
  ['hour', 3_600],
  ['minute', 60],
] as const;

type LogonText = Extract<TextKey, `windows.${string}`>;

export function logonText(
  locale: Locale,
  key: LogonText,
  values: Readonly<Record<string, string | number>> = {},
): string {
  const written = Object.entries(values).map(([name, value]) => [name, String(value)] as const);
  return text(locale, key, Object.fromEntries(written));
}
