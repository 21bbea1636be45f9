/** Comparing digests. */
import { timingSafeEqual } from 'node:crypto';

/** Equality of two digests in constant time. */
export function sameDigest(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
