/** A reporter that keeps what tests print, for the search for secrets. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter } from 'vitest/node';

export default class Printed implements Reporter {
  onUserConsoleLog({ content }: { readonly content: string }): void {
    const directory = process.env['TEST_RUN_DIRECTORY'];
    if (directory) appendFileSync(join(directory, 'printed.log'), content);
  }
}
