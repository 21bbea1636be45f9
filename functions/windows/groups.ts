/** Groups of PCs: which one a deployment key belongs to. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { WindowsGroup } from '../../shared/domain/policy/windows-group.ts';

/** The stage's, as it was validated when the deployment was synthesized. */
export function groupsFrom({ WINDOWS_GROUPS }: { readonly WINDOWS_GROUPS: string }): readonly WindowsGroup[] {
  return JSON.parse(WINDOWS_GROUPS) as readonly WindowsGroup[];
}

/** Every digest is compared, whichever fits: only digests are kept, and of 256 random bits none is worth a guess. */
export function groupOf(key: string, groups: readonly WindowsGroup[]): WindowsGroup | undefined {
  const digest = createHash('sha256').update(key).digest();
  const fits = (kept: string) => timingSafeEqual(Buffer.from(kept, 'hex'), digest);
  return groups.filter(({ keys }) => keys.map(fits).includes(true))[0];
}
