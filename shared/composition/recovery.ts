/** Builds what the functions need that take part in a recovery. */
import { lazyWorkflow } from '../aws/lazy-step-functions.ts';
import type { Clock } from '../domain/clock.ts';
import type { Keyring } from '../domain/crypto/keyring.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { RecoveryPorts } from '../domain/recovery/recovery.ts';
import { type RestrictionStore, restrictedRecoveries } from '../domain/restrictions/restrictions.ts';
import { recoveryStore } from '../store/recoveries.ts';
import { restrictionStore } from '../store/restrictions.ts';
import type { Table } from '../store/table.ts';
import { pollUntil } from './poll-until.ts';

interface Core {
  readonly table: Table;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly keyring: Keyring;
}

export function recoveryPorts(
  core: Core,
  environment: { readonly RECOVERY_MACHINE_ARN: string },
): RecoveryPorts & { readonly restrictions: RestrictionStore } {
  const { table, clock, policy, keyring } = core;
  const restrictions = restrictionStore(table);
  return {
    recoveries: restrictedRecoveries(recoveryStore(table, keyring), restrictions, clock),
    restrictions,
    workflow: lazyWorkflow(environment.RECOVERY_MACHINE_ARN),
    pollUntil,
    clock,
    policy,
  };
}
