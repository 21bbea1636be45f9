/** One test run: a folder for what its files share and for all that is temporary, removed after the last of them. */
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Code that Node has compiled, for the processes that tests start: the next run finds it there. */
const compiled = fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url));

export default function setUp(): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'mfa-fallback-run-'));
  process.env['TEST_RUN_DIRECTORY'] = directory;
  process.env['TEST_RUN_PROCESS'] = String(process.pid); // what it starts ends with it
  process.env['TMPDIR'] = directory; // also for the processes that tests start
  process.env['NODE_COMPILE_CACHE'] ??= compiled;
  process.env['GOGC'] ??= '400'; // of esbuild and tsc: the garbage of a run of seconds need not be collected often
  return () => {
    killStacks(directory);
    rmSync(directory, { recursive: true, force: true });
  };
}

/** Their host, and those of files that broke off. */
function killStacks(directory: string): void {
  for (const file of globSync(join(directory, '{stack-*,host}', 'pid'))) {
    try {
      process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL');
    } catch {
      // it has ended meanwhile
    }
  }
}
