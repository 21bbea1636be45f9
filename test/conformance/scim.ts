/** Runs scim2-tester against a stack. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installed, run } from './python.ts';

export const tester = 'scim2-tester 0.5.2';
const packages = ['scim2-tester==0.5.2', 'scim2-client[httpx2]==0.13.2'];
const script = fileURLToPath(new URL('scim.py', import.meta.url));

/**
 * What each check came to that did not succeed, and at the end how many came to what, a line each.
 *
 * @throws {NoTester}
 */
export async function checkScim(origin: string): Promise<readonly string[]> {
  const commands = await installed(packages);
  return (await run(join(commands, 'python'), [script, `${origin}/scim/v2`])).lines;
}
