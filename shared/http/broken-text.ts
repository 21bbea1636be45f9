/** Text of a body that is not whole: half of a surrogate pair, which an escape can bring in. */

/** Where it stands, as a JSON Pointer. Not by recursion: a body may be deep. */
export function brokenText(body: unknown): string | undefined {
  const open: [value: unknown, pointer: string][] = [[body, '']];
  for (const [value, pointer] of open) {
    if (typeof value === 'string' && !value.isWellFormed()) return pointer;
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, inner] of Object.entries(value)) {
      if (!name.isWellFormed()) return pointer;
      open.push([inner, open.length < mostPointers ? `${pointer}/${escapePointer(name)}` : '']);
    }
  }
  return undefined;
}

const mostPointers = 256; // more than a body of ours has members; deep ones would need pointers of megabytes

/** RFC 6901 §3. Cut to 64 characters, since it repeats what the client sent. */
export function escapePointer(segment: string): string {
  return segment.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1');
}
