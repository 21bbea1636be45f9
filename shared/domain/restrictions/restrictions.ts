/** Restrictions: an administrator closes recoveries or the help desk's codes for everybody, within seconds. */
import { decrypt, encrypt } from '../crypto/encryption.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Recovery, RecoveryStore } from '../recovery/recovery.ts';

export const restrictables = ['recoveries', 'helpDeskCodes'] as const;
/** `recoveries` are security questions at every door too. */
export type Restrictable = (typeof restrictables)[number];
export type RestrictionState = 'open' | 'closed';

export interface Restriction {
  readonly state: RestrictionState;
  /** Epoch milliseconds; then it is open again. */
  readonly until?: number | undefined;
  /** Who and why, encrypted. */
  readonly by: Uint8Array;
}

export type Restrictions = Readonly<Partial<Record<Restrictable, Restriction>>> & {
  /** When recoveries were last closed; those that were running then have failed. Epoch milliseconds. */
  readonly recoveriesClosedAt?: number | undefined;
};

export interface RestrictionStore {
  /** Strongly consistent, and read by every request that a restriction concerns. */
  read(): Promise<Restrictions>;
  /** One request; what is not in `change` stays. */
  write(change: Restrictions): Promise<void>;
}

interface Words {
  readonly operator: string;
  readonly reason: string;
}

export function isClosed(restrictions: Restrictions, what: Restrictable, now: number): boolean {
  const found = restrictions[what];
  return found?.state === 'closed' && (found.until === undefined || found.until > now);
}

/** What one request sets for the parts that it names. */
export function restrictionChange(
  wanted: Readonly<Partial<Record<Restrictable, RestrictionState | undefined>>>,
  { until, now, ...words }: Words & { readonly until?: number | undefined; readonly now: number },
  keyring: Keyring,
): Restrictions {
  const by = encrypt({ operator: words.operator, reason: words.reason }, context, keyring);
  const changed = restrictables.flatMap((what) => {
    const state = wanted[what];
    return state === undefined ? [] : [[what, { state, until, by }] as const];
  });
  const closing = wanted.recoveries === 'closed' ? { recoveriesClosedAt: now } : {};
  return { ...Object.fromEntries(changed), ...closing };
}

/** What an administrator reads. One that has run out is open. */
export function restrictionView(
  restrictions: Restrictions,
  what: Restrictable,
  now: number,
  keyring: Keyring,
) {
  const found = restrictions[what];
  if (found === undefined || (found.until !== undefined && found.until <= now))
    return { state: 'open' as const };
  const { operator, reason } = decrypt(found.by, context, keyring) as Words;
  return { state: found.state, until: found.until, operator, reason };
}

/** What is encrypted here does not decrypt as anything of a person. */
const context = 'restrictions';

/**
 * The store of recoveries as a restriction lets it be seen: what runs while recoveries are closed has failed, and so has
 * what ran when they were. Everything that moves a recovery on reads it first, and leaves alone what has ended.
 */
export function restrictedRecoveries(
  recoveries: RecoveryStore,
  restrictions: RestrictionStore,
  clock: { now(): number },
): RecoveryStore {
  const seen = (found: Recovery, known: Restrictions): Recovery => {
    const closedAt = known.recoveriesClosedAt ?? Number.NEGATIVE_INFINITY;
    const isOver = isClosed(known, 'recoveries', clock.now()) || found.startedAt <= closedAt;
    return found.status === 'pending' && isOver ? { ...found, status: 'failed', step: undefined } : found;
  };
  return {
    ...recoveries,
    async read(id) {
      // What cannot be read is not open: the fault ends the request.
      const [found, known] = await Promise.all([recoveries.read(id), restrictions.read()]);
      return found && seen(found, known);
    },
  };
}
