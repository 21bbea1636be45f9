/**
 * Installs what the lockfile names before `npm start` and `npm test` run, and does nothing when it is already there.
 * Plain JavaScript for Node 20 or later, because it runs while nothing is installed.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const lockfile = join(root, 'package-lock.json');
const modules = join(root, 'node_modules');
/** Holds the digest of the lockfile that node_modules was last found to match. */
const stamp = join(modules, '.installed');
/** Outside node_modules, which `npm ci` deletes. */
const lock = join(root, '.stage', 'setup.lock');
const requiredNode = 24;
const heartbeatMilliseconds = 15_000;

const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);
const say = (text) => console.log(`setup: ${text}`);

function lockfileDigest() {
  const text = read(lockfile);
  if (text === undefined)
    fail('package-lock.json is missing.', 'Restore it with: git checkout package-lock.json');
  return createHash('sha256').update(`${process.platform} ${process.arch} ${text}`).digest('hex');
}

function isUpToDate(digest) {
  return read(stamp) === digest && statSync(join(modules, '.bin'), { throwIfNoEntry: false }) !== undefined;
}

/** True when somebody's own `npm install` left the very versions of the lockfile behind. */
function matchesLockfile() {
  const installed = read(join(modules, '.package-lock.json'));
  if (installed === undefined) return false;
  const have = JSON.parse(installed).packages;
  const want = JSON.parse(readFileSync(lockfile, 'utf8')).packages;
  return Object.entries(want).every(
    ([path, { version, optional, peer }]) =>
      path === '' || have[path]?.version === version || (have[path] === undefined && (optional || peer)),
  );
}

/** Version of the Node that npm scripts will run, or undefined when it does not start. */
function installedNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  try {
    const path = join(modules, 'node', 'bin', name);
    return execFileSync(path, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

function npmInstall() {
  const flags = ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--engine-strict=false'];
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm, ...flags]] : ['npm', flags];
  const child = spawn(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32' && command === 'npm',
  });
  const started = Date.now();
  const heartbeat = setInterval(
    () => say(`still installing, ${Math.round((Date.now() - started) / 1000)} s`),
    heartbeatMilliseconds,
  );
  return new Promise((resolve) => {
    const finish = (outcome) => {
      clearInterval(heartbeat);
      resolve({ ...outcome, seconds: Math.round((Date.now() - started) / 1000) });
    };
    child.on('error', (error) => finish({ code: 1, reason: error.message }));
    child.on('exit', (code, signal) =>
      finish({ code: code ?? 1, reason: signal ?? `npm ci ended with ${code}` }),
    );
  });
}

function holderIsAlive() {
  const pid = Number(read(lock));
  // A lock without a number was created a moment ago by a process that has not written it yet.
  if (!Number.isInteger(pid) || pid === 0)
    return Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0) < 5_000;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Exclusive creation of the lock file decides which of two concurrent runs installs; the other waits. */
async function acquireLock() {
  mkdirSync(join(root, '.stage'), { recursive: true });
  for (let waited = false; ; waited = true) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!holderIsAlive()) rmSync(lock, { force: true });
    else if (!waited) say('another set-up is running, waiting for it');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Ends the set-up: `what` went wrong and `next` is what the person types or checks. */
function fail(what, next) {
  throw Object.assign(new Error(what), { next });
}

function checkNode() {
  const version = installedNode();
  if (version === undefined) {
    return fail(
      'the Node that comes with the packages does not start (its install script may have been switched off).',
      'npm config get ignore-scripts   (must be false), then: rm -rf node_modules && npm start',
    );
  }
  if (Number(version.slice(1).split('.')[0]) < requiredNode) {
    return fail(
      `node_modules holds Node ${version}, but ${requiredNode} is needed.`,
      'rm -rf node_modules && npm start',
    );
  }
  return version;
}

async function setUp() {
  const digest = lockfileDigest();
  if (isUpToDate(digest)) return;
  await acquireLock();
  try {
    if (isUpToDate(digest)) return;
    let took = '';
    if (!matchesLockfile()) {
      say('installing what package-lock.json names (once, one to two minutes)');
      const { code, reason, seconds } = await npmInstall();
      if (code !== 0) {
        fail(
          `the installation failed: ${reason}.`,
          'check network and proxy (npm ping), then run this command again.',
        );
      }
      took = ` in ${seconds} s`;
    }
    const version = checkNode();
    writeFileSync(stamp, digest);
    say(`packages ready${took}, Node ${version}`);
  } finally {
    rmSync(lock, { force: true });
  }
}

await setUp().catch((error) => {
  console.error(
    `setup: ${error.message}\n  Next: ${error.next ?? 'rm -rf node_modules, then run the same command again.'}`,
  );
  process.exitCode = 1;
});
