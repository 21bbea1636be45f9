/** Spans of time as people read them: whole minutes from one on, seconds below. */
import type { Language } from '../domain/text/language.ts';

/** A message leaves moments after its code was made; a code of five minutes is still one of "5 min" then. */
const graceSeconds = 5;

/** @returns at most five seconds more than are left */
export function timeLeft(seconds: number): { readonly count: number; readonly unit: 'minute' | 'second' } {
  return seconds < 60
    ? { count: seconds, unit: 'second' }
    : { count: Math.floor((seconds + graceSeconds) / 60), unit: 'minute' };
}

/** How long to wait; never less than that. */
export function waitingTime(seconds: number, locale: Language): string {
  return durationOf(
    seconds <= 60 ? { count: seconds, unit: 'second' } : { count: Math.ceil(seconds / 60), unit: 'minute' },
    locale,
  );
}

/** `5 minutes`, `45 seconds`: with the plural that the language has for the number. */
export function durationOf({ count, unit }: ReturnType<typeof timeLeft>, locale: Language): string {
  const form = { style: 'unit', unit, unitDisplay: 'long' } as const;
  return new Intl.NumberFormat(`${locale}-u-nu-latn`, form).format(count);
}
