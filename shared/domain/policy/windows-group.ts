/** A group of PCs that sign in by one deployment key, with a mode of its own. */
import type { Policy } from './policy.ts';

export interface WindowsGroup {
  readonly name: string;
  readonly mode: Policy['mode'];
  /** SHA-256 of one deployment key, or of two while one replaces the other; hexadecimal. */
  readonly keys: readonly string[];
}

/** The policy at these PCs. `DirectFidoAuth` closes the fallback wherever it stands. */
export function policyAt(group: Pick<WindowsGroup, 'mode'>, policy: Policy): Policy {
  return policy.mode === 'DirectFidoAuth' ? policy : { ...policy, mode: group.mode };
}
