/** What the person reads above the field for the code. */
import type { ChallengeView } from '../domain/user-record/challenge.ts';
import { promptFor, promptForUnsent } from './texts.ts';
import { waitingTime } from './time-left.ts';

/** @param now epoch milliseconds; a code that was not sent yet is asked for after a while */
export function promptOf(view: ChallengeView, now: number): string {
  const { locale, destination, isUnsent = false, resendAvailableAt } = view;
  if (!isUnsent) return promptFor(locale, destination);
  const seconds = Math.ceil((resendAvailableAt - now) / 1000);
  return promptForUnsent(locale, destination, seconds > 0 ? waitingTime(seconds, locale) : undefined);
}
