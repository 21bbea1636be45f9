/** What package-lock.json promises: one copy of the AWS SDK, and a hash for every package. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly inBundle?: boolean;
  /** A folder of this repository. */
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly os?: string | readonly string[];
  readonly cpu?: string | readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
}

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const locked: [string, Locked][] = Object.entries(read('package-lock.json').packages);
const { devDependencies, allowScripts, workspaces } = read('package.json');
const packages = locked.filter(
  ([path, { link }]) => path !== '' && !workspaces.includes(path) && link === undefined,
);

/** Was not published at the version of the others, and no function has it: `doctor` asks for quotas. */
const apart = '@aws-sdk/client-service-quotas';

test('the clients of AWS have one version', () => {
  const clients = Object.keys(devDependencies).filter(
    (name) => name.startsWith('@aws-sdk/client-') && name !== apart,
  );
  expect(clients.length).toBeGreaterThan(1);
  expect(new Set(clients.map((name) => devDependencies[name])).size).toBe(1);
});

test('of each package of the AWS SDK there is one copy', () => {
  const names = packages.flatMap(
    ([path]) => /node_modules\/(@(?:aws-sdk|smithy)\/[^/]+)$/.exec(path)?.[1] ?? [],
  );
  expect(names.length).toBeGreaterThan(1);
  expect(names.filter((name, at) => names.indexOf(name) < at)).toEqual([]);
});

test('every package has a hash, its own or that of the package which brings it', () => {
  const without = packages.filter(
    ([, { integrity, inBundle }]) => !inBundle && !integrity?.startsWith('sha512-'),
  );
  expect(without.map(([path]) => path)).toEqual([]);
});

test('only what is allowed to has a script that runs when it is installed', () => {
  const scripted = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
  expect(scripted).toEqual(
    Object.keys(allowScripts)
      .sort()
      .map((name) => `node_modules/${name}`),
  );
});

test('the Node that runs the scripts is one package for each system', () => {
  const systems = packages
    .filter(([, { bin }]) => bin?.['node'] !== undefined)
    .map(([, { os, cpu }]) => `${os} ${cpu}`);
  expect(systems.sort()).toEqual(['darwin arm64', 'darwin x64', 'linux arm64', 'linux x64', 'win32 x64']);
});
