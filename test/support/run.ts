/** One test run: a folder for what its files share and for all that is temporary, removed after the last of them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function setUp(): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'mfa-fallback-run-'));
  process.env['TEST_RUN_DIRECTORY'] = directory;
  process.env['TMPDIR'] = directory; // also for the processes that tests start
  return () => rmSync(directory, { recursive: true, force: true });
}
