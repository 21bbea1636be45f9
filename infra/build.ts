/**
 * `npm run build`: what `npm pack` packs.
 *
 * The client library as modules, with the texts of the sign-in page; the construct as one CommonJS file, since CDK apps
 * are of either kind and CDK itself is that; the functions' bundles beside it; the command line as one file.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleFunctions } from './bundles.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...parts: readonly string[]) => join(root, ...parts);
const folders = ['client', 'page-texts', 'construct', 'functions', 'cli', 'types'];

for (const folder of folders) rmSync(at('dist', folder), { recursive: true, force: true });
compile('shared/client');
cpSync(at('shared/messages/page-texts'), at('dist/page-texts'), { recursive: true });
compile('infra/construct');
await Promise.all([bundleFunctions(at('dist/functions')), bundleConstruct(), bundleCommandLine()]);
rmSync(at('dist/functions/meta.json'));
writeFileSync(at('dist/construct/package.json'), '{ "type": "commonjs" }\n');
copyDeclarations('infra/construct/index.d.ts', at('dist/types'), at('dist/construct'));
rmSync(at('dist/types'), { recursive: true });

function compile(project: string): void {
  execFileSync(
    process.execPath,
    [at('node_modules/typescript/bin/tsc'), '-p', at(project), '--checkers', '1'],
    {
      stdio: 'inherit',
    },
  );
}

async function bundleConstruct(): Promise<void> {
  await build({
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    legalComments: 'none',
    entryPoints: ['infra/construct/index.ts'],
    outfile: at('dist/construct/index.js'),
    external: ['aws-cdk-lib', 'constructs'],
    define: { 'import.meta.url': 'thisFile' },
    banner: { js: "const thisFile = require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'warning',
  });
}

async function bundleCommandLine(): Promise<void> {
  await build({
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    legalComments: 'none',
    mainFields: ['module', 'main'],
    entryPoints: ['infra/cli/packaged.ts'],
    outfile: at('dist/cli/main.js'),
    // CommonJS packages inside an ES module still ask for Node's own modules with `require`.
    banner: {
      js: "#!/usr/bin/env node\nimport{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
}

/** Those that the entry's types are made of, and no others: most files are nobody's but ours. */
function copyDeclarations(entry: string, from: string, to: string, seen = new Set<string>()): void {
  if (seen.has(entry)) return;
  seen.add(entry);
  mkdirSync(dirname(join(to, entry)), { recursive: true });
  copyFileSync(join(from, entry), join(to, entry));
  const text = readFileSync(join(from, entry), 'utf8');
  for (const [, named = ''] of text.matchAll(/(?:from |import\()['"](\.{1,2}\/[^'"]+)\.ts['"]/g))
    copyDeclarations(join(dirname(entry), `${named}.d.ts`), from, to, seen);
}
