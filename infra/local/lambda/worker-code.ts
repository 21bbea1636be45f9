/** The code of a function's thread, made once for all of them: each would take the types off anew as it starts. */
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

let made: URL | undefined;

/** `function-worker.ts` as a module that Node runs as it is. */
export function workerCode(): URL {
  made ??= make();
  return made;
}

function make(): URL {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL('./function-worker.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
  });
  return new URL(`data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? '')}`);
}
