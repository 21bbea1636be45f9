/** The audit of a soak: every rule against everything that is known. */
import type { Observed, Rule, Violation } from './observed.ts';
import { answerRules } from './rules/answers.ts';
import { assertionRules } from './rules/assertions.ts';
import { attemptRules } from './rules/attempts.ts';
import { sendRules } from './rules/sends.ts';

// A limit that policy gains gets its rule in one of these, and a forgery in audit.test.ts.
export const rules: readonly Rule[] = [...assertionRules, ...attemptRules, ...sendRules, ...answerRules];

export function audit(observed: Observed): Violation[] {
  return rules.flatMap((each) => each.find(observed));
}
