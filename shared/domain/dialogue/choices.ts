/** What a person may choose at a sign-in screen: the same for every name, since nobody has shown a password there. */
import { forbidsFallback } from '../policy/fallback.ts';
import { offeredMethods } from '../policy/methods.ts';
import type { Method, Policy } from '../policy/policy.ts';
import { type RecoveryPath, recoveryPaths } from '../policy/recovery-paths.ts';
import { lettersAndDigits } from '../text/letters-and-digits.ts';

export type Choice = Method | 'backup' | 'questions';

/** In the order of their numbers, which begin with 1. */
export function offeredChoices(policy: Policy, voice: boolean): readonly Choice[] {
  if (forbidsFallback(policy)) return [];
  return [
    ...offeredMethods(policy, voice),
    ...(policy.securityCodes === 'none' ? [] : (['backup'] as const)),
    ...(questionsPath(policy) === undefined ? [] : (['questions'] as const)),
  ];
}

/** The weakest path with questions that the policy opens; `undefined` where it opens none. */
export function questionsPath(policy: Policy): Extract<RecoveryPath, `kba${string}`> | undefined {
  const open = recoveryPaths(policy);
  return (['kba', 'kba+otp-alternate-email'] as const).find((path) => open.includes(path));
}

/** The words that mean a choice in every language. */
const words: Readonly<Record<Choice, string>> = {
  SMS: 'sms',
  Email: 'email',
  Call: 'call',
  backup: 'backup',
  questions: 'questions',
};

/** @param labelOf the word that the person was shown */
export function readChoice(
  typed: string,
  offered: readonly Choice[],
  labelOf: (choice: Choice) => string,
): Choice | undefined {
  const given = lettersAndDigits(typed);
  return offered.find(
    (choice, place) =>
      given === String(place + 1) || given === words[choice] || given === lettersAndDigits(labelOf(choice)),
  );
}
