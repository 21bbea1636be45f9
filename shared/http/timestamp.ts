/** Times in answers. */

/** RFC 3339, UTC. */
export function timestamp(at: number): string {
  return new Date(at).toISOString();
}
