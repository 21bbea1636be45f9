/** One test run: a folder that its files share, made before the first and removed after the last. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function setUp(): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'mfa-fallback-run-'));
  process.env['TEST_RUN_DIRECTORY'] = directory;
  return () => rmSync(directory, { recursive: true, force: true });
}
