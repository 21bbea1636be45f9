/** Names that nobody else has: stacks are shared by every file of a run, one after the other. */
import { randomBytes } from 'node:crypto';

/** Of this copy of the module, since a test may have loaded it anew in the same process. */
const copy = randomBytes(4).readUInt32BE();
let names = 0;

/** `base` with what makes it unlike every other name of the run. */
export function ownName(base: string): string {
  names += 1;
  return `${base}-${copy}-${names}`;
}
