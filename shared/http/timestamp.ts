/** How answers write times. */

/** RFC 3339 in UTC, from epoch milliseconds. */
export function timestamp(at: number): string {
  return new Date(at).toISOString();
}
