/** A real browser: the one that travels inside an npm package, else the machine's own Chrome. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as driver, type LaunchOptions } from 'playwright-core';
import { root } from '../documents/pages.ts';

/**
 * None of the package's own arguments: among them is `--disable-web-security`, under which every check of an origin
 * would pass.
 */
export async function openBrowser(): Promise<Browser> {
  const quiet = { args: ['--disable-background-networking'], timeout: 120_000 };
  return driver.launch({ ...(await whichBrowser()), ...quiet });
}

async function whichBrowser(): Promise<LaunchOptions> {
  if (process.platform === 'linux' && process.arch === 'x64') return { executablePath: await unpacked() };
  const debian = '/usr/bin/chromium';
  return existsSync(debian) ? { executablePath: debian } : { channel: 'chrome' };
}

/** Unpacked once for each version. A run that is broken off leaves nothing that looks whole. */
async function unpacked(): Promise<string> {
  const { version } = JSON.parse(
    readFileSync(join(root, 'node_modules/@sparticuz/chromium/package.json'), 'utf8'),
  );
  const cache = join(root, 'node_modules/.cache');
  const folder = join(cache, `chromium-${version}`);
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    const fresh = mkdtempSync(join(cache, 'unpacking-'));
    await unpackInto(fresh);
    try {
      renameSync(fresh, folder);
    } catch {
      rmSync(fresh, { recursive: true }); // another run was faster
    }
  }
  return join(folder, 'chromium');
}

/** The package unpacks to the temporary folder and nowhere else. */
async function unpackInto(folder: string): Promise<void> {
  const before = env['TMPDIR'];
  env['TMPDIR'] = folder;
  try {
    await chromium.executablePath();
  } finally {
    if (before === undefined) delete env['TMPDIR'];
    else env['TMPDIR'] = before;
  }
}
