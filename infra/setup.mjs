/**
 * Installs what the lockfile names before `npm start` and `npm test` run, and does nothing when it is already there.
 * Plain JavaScript for Node 20 or later, because it runs while nothing is installed.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const lockfile = join(root, 'package-lock.json');
const modules = join(root, 'node_modules');
/** Holds the digest of the lockfile that node_modules was last found to match. */
const stamp = join(modules, '.installed');
/** Outside node_modules, which `npm ci` deletes. */
const lock = join(root, '.stage', 'setup.lock');
/** Major and minor: the first with argon2 and with TypeScript that needs no flag. */
const requiredNode = [24, 7];
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
  const hasNode = existsSync(linkedNode) || isEnough(process.version);
  return read(stamp) === digest && hasNode && existsSync(join(modules, '.bin'));
}

/** What npm puts first in the PATH of its scripts. */
const linkedNode = join(modules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');

/** `v24.21.0` is enough, `v24.0.0` is not. */
function isEnough(version) {
  const [major, minor] = version.slice(1).split('.').map(Number);
  return major > requiredNode[0] || (major === requiredNode[0] && minor >= requiredNode[1]);
}

/**
 * The package with Node for this system: npm links it into `.bin` when it has the hash that the lockfile names,
 * runs none of its scripts, and skips those for other systems.
 * @returns undefined where the lockfile has none
 */
function namedNode() {
  const { packages } = JSON.parse(readFileSync(lockfile, 'utf8'));
  const named = Object.entries(packages).find(
    ([, { bin, os, cpu }]) =>
      bin?.node !== undefined &&
      [os].flat().includes(process.platform) &&
      [cpu].flat().includes(process.arch),
  );
  if (named === undefined) return undefined;
  const [path, { version, bin }] = named;
  return { path, name: `${basename(path)}@${version}`, program: join(root, path, bin.node) };
}

/** True when somebody's own `npm install` left the very packages of the lockfile behind, version and hash. */
function matchesLockfile() {
  const installed = read(join(modules, '.package-lock.json'));
  if (installed === undefined) return false;
  const have = JSON.parse(installed).packages;
  const want = JSON.parse(readFileSync(lockfile, 'utf8')).packages;
  const node = namedNode()?.path;
  return Object.entries(want).every(([path, { version, integrity, optional, peer }]) => {
    const found = have[path];
    if (found === undefined) return path === '' || ((optional || peer) && path !== node);
    return found.version === version && found.integrity === integrity;
  });
}

/** What a Node says its version is, or undefined when it does not start. */
function versionOf(program) {
  try {
    return execFileSync(program, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

function npmInstall() {
  // Node is optional, so that npm skips those for other systems; the rest is for development.
  const all = ['--include=dev', '--include=optional'];
  const flags = ['ci', ...all, '--no-audit', '--no-fund', '--loglevel=error', '--engine-strict=false'];
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

/** @returns the version of the Node that npm scripts run from now on. */
function checkNode() {
  const named = namedNode();
  if (named === undefined)
    return ownNode(`package-lock.json names no Node for ${process.platform} ${process.arch}`);
  // npm says nothing where it leaves out what is optional.
  if (!existsSync(named.program)) {
    fail(
      `npm has not installed ${named.name}: it was not to be had, or had another hash than in package-lock.json.`,
      'git diff package-lock.json   (must be empty), npm ping, then run this command again.',
    );
  }
  const version = versionOf(named.program);
  if (version !== undefined) return version;
  rmSync(linkedNode, { force: true }); // or npm scripts could not start at all
  return ownNode(`${named.name} does not start on this system`);
}

/** The machine's own Node stands in where the lockfile's cannot. */
function ownNode(reason) {
  const needed = requiredNode.join('.');
  if (isEnough(process.version)) return process.version;
  return fail(
    `${reason}, and the machine's own is ${process.version}.`,
    `install Node ${needed} or later, then run this command again.`,
  );
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
