/** How long a code is still good for, as messages say it: whole minutes from one on, seconds below. */

/** A message leaves moments after its code was made; a code of five minutes is still one of "5 min" then. */
const graceSeconds = 5;

/** @returns at most five seconds more than are left */
export function timeLeft(seconds: number): { readonly count: number; readonly unit: 'minute' | 'second' } {
  return seconds < 60
    ? { count: seconds, unit: 'second' }
    : { count: Math.floor((seconds + graceSeconds) / 60), unit: 'minute' };
}
