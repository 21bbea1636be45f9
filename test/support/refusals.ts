/** What stacks printed of requests that no grant covers. */
import { readFileSync } from 'node:fs';

/** A file of this name beside a stack's output: its template lacks grants on purpose. */
export const refusalsExpected = 'refusals-expected';

/** @param output file with everything that the stack printed. */
export function refusalsIn(output: string): string[] {
  const lines = readFileSync(output, 'utf8').split('\n');
  return lines.filter((line) => line.startsWith('iam | '));
}
