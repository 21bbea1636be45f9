/** Names that nobody else has: a stack is shared by every file that its worker runs. */

let names = 0;

/** `base` with what makes it unlike every other name of the run. */
export function ownName(base: string): string {
  names += 1;
  return `${base}-${process.pid}-${names}`;
}
