/** Finding the backup code that was typed among those of a user. */
import { matchesArgon2id, noHash } from '../crypto/argon2id.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Policy } from '../policy/policy.ts';
import type { CodeKind } from '../user-record/code-batch.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import { batchHashInput, offers, selectorOf } from './code-selector.ts';

export interface Match {
  readonly kind: CodeKind;
  /** The batch's id. */
  readonly batch: string;
  readonly selector: string;
}

/** One hash is computed, whether or not there is one to compare with. */
export async function findMatch(
  { codeBatches, locator }: UserRecord,
  code: string,
  keyring: Keyring,
  policy: Policy,
): Promise<Match | undefined> {
  const candidates = (['static', 'one-time'] as const).flatMap((kind) => {
    const batch = codeBatches[kind];
    if (batch === undefined || !offers(policy, kind)) return [];
    const selector = selectorOf(code, locator, batch.key, keyring);
    const hash = batch.codes[selector];
    return hash === undefined ? [] : [{ kind, batch, selector, hash }];
  });
  const [candidate] = candidates;
  const { kind, batch, hash } = candidate ?? nobodys(locator, keyring);
  const isRight = await matchesArgon2id(code, batchHashInput(batch, kind, locator, keyring), hash);
  if (!isRight || candidate === undefined) return undefined;
  return { kind, batch: batch.id, selector: candidate.selector };
}

function nobodys(locator: string, { current: key }: Keyring) {
  return { kind: 'static', batch: { id: locator, salt: locator, key }, hash: noHash } as const;
}
