/** Approving: an operator agrees that another one acts on a person, and says why. */
import type { Clock } from '../clock.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { hmac128 } from '../crypto/keyring.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { Policy } from '../policy/policy.ts';
import type { HelpDeskAct } from '../user-record/help-desk-state.ts';
import { type Decision, updateUser } from '../user-record/update-user.ts';
import type { UserStore } from '../user-record/user-store.ts';
import { countAct } from './act-limits.ts';
import { type Operator, operatorKeyOf } from './operator.ts';
import { newProof, shownProof, withProof } from './proof.ts';

interface ApprovalPorts {
  readonly users: UserStore;
  readonly limiter: RateLimiter;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly policy: Policy;
  /** Whether tokens say who an operator is: without that one client could write two names. */
  readonly areOperatorsKnown: boolean;
}

interface ApprovalRequest {
  readonly locator: string;
  readonly operator: Operator;
  readonly act: HelpDeskAct;
  readonly request: string;
}

export type ApprovalOutcome =
  | { readonly kind: 'approved'; readonly proof: string }
  | { readonly kind: 'not-found' | 'own-account' | 'no-approvals' }
  | { readonly kind: 'rate-limited'; readonly retryAt: number };

/** Under an idempotency key the same approval is given again, and lives no longer. */
export async function giveApproval(
  { locator, operator, act, request }: ApprovalRequest,
  { users, limiter, clock, keyring, policy, areOperatorsKnown }: ApprovalPorts,
): Promise<ApprovalOutcome> {
  if (!areOperatorsKnown) return { kind: 'no-approvals' };
  const giver = operatorKeyOf(operator.name);
  if (giver === locator) return { kind: 'own-account' };
  const id = hmac128(keyring.key('proof', keyring.first), 'approval', locator, giver, act, request);
  const { outcome } = await updateUser(
    users,
    locator,
    (found): Decision<ApprovalOutcome> => {
      if (found.enrolment === undefined) return { outcome: { kind: 'not-found' } };
      const now = clock.now();
      const given = { kind: 'approval', client: operator.client, giver, act } as const;
      const known = found.helpDesk.proofs.find((proof) => proof.id === id);
      const proof = known ?? newProof(given, now, keyring, id);
      const outcome = { kind: 'approved', proof: shownProof(proof, locator, keyring) } as const;
      if (known) return { outcome };
      return { outcome, after: { ...found, helpDesk: withProof(found.helpDesk, proof, now) } };
    },
    {
      limit: async ({ after }) =>
        after === undefined
          ? undefined
          : countAct(operator, request, clock.now(), { limiter, keyring, policy }),
    },
  );
  return outcome;
}
