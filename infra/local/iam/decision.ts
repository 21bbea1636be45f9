/** The decision: an explicit deny wins, then an allow is needed, and nothing is allowed by itself. */
import type { Asked } from './asked.ts';
import type { Asker } from './principals.ts';
import { holds, isUnconditional, type PolicyKind, type Statement } from './statements.ts';

export interface Policies {
  /** Of the role that asks; empty for a service. */
  readonly identity: readonly Statement[];
  /** Of the resource. */
  readonly resource: readonly Statement[];
}

export type Decision =
  | { readonly kind: 'allowed' }
  | {
      readonly kind: 'refused';
      readonly isExplicit: boolean;
      /** Which policies deny, or lack the allow. */
      readonly by: PolicyKind;
      /** Keys of conditions that do not hold, where everything else would allow. */
      readonly unmet: readonly string[];
    };

/** Decides for one role, action and resource, for every request that is only told apart by its context. */
export type Decide = (asked: Asked) => Decision;

const allowed: Decision = { kind: 'allowed' };

/**
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 * Within an account the allow of either kind is enough, but a key has to let the account's own policies decide:
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-root-enable-iam
 */
export function prepare(
  policies: Policies,
  asker: Asker,
  { action, resource }: Omit<Asked, 'context'>,
): Decide {
  const covering = (statements: readonly Statement[]) =>
    statements.filter((each) => each.covers(action, resource));
  const identity = covering(policies.identity);
  const named = covering(policies.resource).filter((each) => each.principals?.(asker) === 'named');
  const account = covering(policies.resource).filter((each) => each.principals?.(asker) === 'account');
  const isKey = action.startsWith('kms:');

  const decide: Decide = (asked) => {
    const apply = (statements: readonly Statement[], effect: Statement['effect']) =>
      statements.some((each) => each.effect === effect && holds(each, asked));
    if (apply(identity, 'Deny')) return refused(true, 'identity-based');
    if (apply([...named, ...account], 'Deny')) return refused(true, 'resource-based');
    if (apply(named, 'Allow')) return allowed;
    if (isKey && !apply(account, 'Allow'))
      return refused(false, 'resource-based', unmet([...named, ...account], asked));
    if (apply(identity, 'Allow')) return allowed;
    return asker.kind === 'role'
      ? refused(false, 'identity-based', unmet(identity, asked))
      : refused(false, 'resource-based', unmet(named, asked));
  };

  const isFixed = [...identity, ...named, ...account].every(isUnconditional);
  if (!isFixed) return decide;
  const decision = decide({ action, resource, context: {} });
  return () => decision;
}

function refused(isExplicit: boolean, by: PolicyKind, keys: readonly string[] = []): Decision {
  return { kind: 'refused', isExplicit, by, unmet: keys };
}

function unmet(statements: readonly Statement[], { context }: Asked): string[] {
  const keys = statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ conditions }) => conditions.filter((each) => !each.holds(context)).map(({ key }) => key));
  return [...new Set(keys)];
}
