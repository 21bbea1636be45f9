/** Why an act of the help desk is refused, as problems. */
import type { ActRefusal } from '../domain/help-desk/authorize-act.ts';
import { type Answer, problem } from './problem.ts';

const next = {
  caller: 'Verify the caller: POST /v1/users/{userId}/caller-verifications.',
  approval: 'Let another operator approve: POST /v1/users/{userId}/approvals.',
  approvals:
    'The caller has no address to be verified by. Let two other operators approve: POST /v1/users/{userId}/approvals.',
} as const;

export function actRefused(refusal: ActRefusal): Answer {
  switch (refusal.kind) {
    case 'proof-required': {
      const { missing, approvals } = refusal;
      const detail = missing.map(
        (proof) => next[proof === 'approval' && approvals > 1 ? 'approvals' : proof],
      );
      return problem('proof-required', { missing, detail: detail.join(' ') });
    }
    case 'own-approval':
      return problem('forbidden', { detail: 'Nobody approves of their own act.' });
    case 'protected':
      return problem('forbidden', {
        detail:
          'This person is protected: without a second operator (helpDesk.secondOperator) only an administrator acts.',
      });
  }
}
