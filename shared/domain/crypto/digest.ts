/** The comparison of digests in constant time. */
import { timingSafeEqual } from 'node:crypto';

/** Takes as long for digests that differ in the first character as for equal ones. */
export function sameDigest(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
