/** Builds what the functions need that take part in a recovery. */
import { lazyWorkflow } from '../aws/lazy-step-functions.ts';
import type { Clock } from '../domain/clock.ts';
import type { Keyring } from '../domain/crypto/keyring.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { RecoveryPorts } from '../domain/recovery/recovery.ts';
import { recoveryStore } from '../store/recoveries.ts';
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
): RecoveryPorts {
  const { table, clock, policy, keyring } = core;
  return {
    recoveries: recoveryStore(table, keyring),
    workflow: lazyWorkflow(environment.RECOVERY_MACHINE_ARN),
    pollUntil,
    clock,
    policy,
  };
}
