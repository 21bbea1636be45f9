/**
 * The functions' bundles, one folder each, nothing external.
 *
 * One run of esbuild makes all that are CommonJS; each that is split takes one of its own, so that chunks stay
 * with their function.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import type { FunctionName } from '../shared/environment/variables.ts';
import { takeKept } from './kept-bundles.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Where `npm run bundle` leaves them, for a look at what is inside. */
const bundlesFolder = join(root, 'dist', 'functions');

/** A function's entry: as CommonJS, which Node loads faster, unless it loads some of its parts on demand. */
export const bundled: Readonly<Record<FunctionName, 'cjs' | 'esm'>> = {
  'issue-otp': 'cjs',
  'verify-otp': 'cjs',
  'kba-check': 'cjs',
  'generate-backup-code': 'cjs',
  recovery: 'cjs',
  users: 'cjs',
  scim: 'esm',
  windows: 'cjs',
  policy: 'esm',
  oidc: 'esm',
  'sign-in': 'cjs',
  deliver: 'esm',
  'speak-otp': 'cjs',
  'sms-status': 'cjs',
};

/** Whose libraries find their models by the names of their classes. */
const namesKept: readonly FunctionName[] = ['oidc', 'scim'];

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  minify: true,
  keepNames: false,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  // The SDK's search for credentials, which a function always has in its environment.
  alias: { '@aws-sdk/credential-provider-node': join(root, 'shared/aws/trimmed/credentials.ts') },
  mainFields: ['module', 'main'],
} satisfies BuildOptions;

/** @param folder receives `<function>/index.js`, or `index.mjs` and its chunks, and `meta.json`. */
export async function bundleFunctions(folder = bundlesFolder): Promise<void> {
  await takeKept(root, folder, bundleInto);
}

async function bundleInto(folder: string): Promise<void> {
  const names = Object.keys(bundled) as FunctionName[];
  const entryOf = (name: FunctionName) => join('functions', name, 'handler.ts');
  const cjs = names.filter((name) => bundled[name] === 'cjs');
  const esm = names.filter((name) => bundled[name] === 'esm');
  const results = await Promise.all([
    build({
      ...common,
      format: 'cjs',
      entryPoints: cjs.map((name) => ({ in: entryOf(name), out: join(name, 'index') })),
      outdir: folder,
    }),
    ...esm.map((name) =>
      build({
        ...common,
        keepNames: namesKept.includes(name),
        format: 'esm',
        splitting: true,
        entryPoints: [{ in: entryOf(name), out: 'index' }],
        chunkNames: 'chunk-[hash]',
        outdir: join(folder, name),
        outExtension: { '.js': '.mjs' },
        // CommonJS packages inside an ES module still ask for Node's own modules with `require`.
        banner: {
          js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
        },
      }),
    ),
  ]);
  // Ends Node's search for one: the project's own says that every .js is an ES module.
  writeFileSync(join(folder, 'package.json'), '{}');
  writeFileSync(join(folder, 'meta.json'), JSON.stringify(results.map(({ metafile }) => metafile)));
}

export function bundleFolder(name: FunctionName, folder = bundlesFolder): string {
  const bundle = join(folder, name);
  if (existsSync(bundle) && readdirSync(bundle).length > 0) return bundle;
  throw new Error(`there is no bundle of ${name} in ${folder}`);
}
