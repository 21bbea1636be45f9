/** A program of `infra/cli` bundled into a folder: its process starts in a third of the time that its sources take. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './pages.ts';

/**
 * @param entry in `infra/cli`
 * @param home whose `infra/stages` it takes for its own
 * @returns the words of bash that start it
 */
export async function bundledProgram(entry: string, folder: string, home: string = root): Promise<string> {
  await build({
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    splitting: true, // what is loaded on demand stays so
    entryPoints: [{ in: join('infra/cli', entry), out: 'program' }],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    mainFields: ['module', 'main'],
    // The one who asks where it lies looks for the stages beside it.
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(home, 'infra/configuration/stage.ts'))) },
    // CommonJS packages inside an ES module still ask for Node's own modules with `require`.
    banner: {
      js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  const compiled = join(folder, 'compiled'); // goes with the folder, whose name is another in every run
  return `NODE_COMPILE_CACHE='${compiled}' '${process.execPath}' '${join(folder, 'program.mjs')}'`;
}
