/** Approving: an operator agrees that another one acts on a person, and says why. */
import type { Clock } from '../clock.ts';
import { hmac128 } from '../crypto/keyring.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { NamePorts, Person } from '../names/person.ts';
import type { Policy } from '../policy/policy.ts';
import type { HelpDeskAct } from '../user-record/help-desk-state.ts';
import { type Decision, updateUser } from '../user-record/update-user.ts';
import { countAct } from './act-limits.ts';
import { isOwnAccount, knownOperator, type NamedOperator } from './operator.ts';
import { newProof, shownProof, withProof } from './proof.ts';

interface ApprovalPorts extends NamePorts {
  readonly limiter: RateLimiter;
  readonly clock: Clock;
  readonly policy: Policy;
  /** Whether tokens say who an operator is: without that one client could write two names. */
  readonly areOperatorsKnown: boolean;
}

interface ApprovalRequest {
  readonly person: Person;
  readonly operator: NamedOperator;
  readonly act: HelpDeskAct;
  readonly request: string;
}

export type ApprovalOutcome =
  | { readonly kind: 'approved'; readonly proof: string }
  | { readonly kind: 'not-found' | 'own-account' | 'no-approvals' }
  | { readonly kind: 'rate-limited'; readonly retryAt: number };

/** Under an idempotency key the same approval is given again, and lives no longer. */
export async function giveApproval(
  { person, operator: named, act, request }: ApprovalRequest,
  ports: ApprovalPorts,
): Promise<ApprovalOutcome> {
  const { users, limiter, clock, keyring, policy } = ports;
  if (!ports.areOperatorsKnown) return { kind: 'no-approvals' };
  const { key: locator, record: from } = person;
  const operator = await knownOperator(named, ports);
  const giver = operator.key;
  if (isOwnAccount(operator, person)) return { kind: 'own-account' };
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
      from,
      limit: async ({ after }) =>
        after === undefined
          ? undefined
          : countAct(operator, request, clock.now(), { limiter, keyring, policy }),
    },
  );
  return outcome;
}
