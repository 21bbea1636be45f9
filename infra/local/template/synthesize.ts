/** Synthesizes the app for the stage `local`, in a process of its own so that this one can go on starting. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The app refused the configuration, or failed; the message is what it printed. */
export class SynthesisError extends Error {
  override readonly name = 'SynthesisError';
}

export interface Synthesized {
  readonly directory: string;
  /** Removes what was made here; a folder that was given stays. */
  remove(): void;
}

export interface SynthesisOptions {
  /** JSON file whose policy replaces the stage's. */
  readonly policy?: string | undefined;
  /** An assembly made before, used as it is. */
  readonly given?: string | undefined;
  /** Breaks it off. */
  readonly signal?: AbortSignal | undefined;
}

/** @throws {SynthesisError} */
export async function synthesize({ policy, given, signal }: SynthesisOptions): Promise<Synthesized> {
  if (given !== undefined) return { directory: resolve(given), remove: () => {} };
  // Outside the project: bundles are CommonJS in Lambda, and would not be below a package.json of type `module`.
  const directory = mkdtempSync(join(tmpdir(), 'mfa-fallback-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  try {
    await runApp(directory, { policy, signal });
  } catch (error) {
    remove();
    throw error;
  }
  return { directory, remove };
}

export interface AppOptions extends Pick<SynthesisOptions, 'policy' | 'signal'> {
  /** Folder of the stage files, of which `local.json` is read. */
  readonly stages?: string | undefined;
}

/** Writes the assembly into `directory`, as `cdk synth` would with the same settings. */
export async function runApp(directory: string, { policy, stages, signal }: AppOptions = {}): Promise<void> {
  if (policy !== undefined && !existsSync(policy))
    throw new SynthesisError(`there is no policy file ${policy}`);
  const settings = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as { context?: object };
  const context = {
    ...settings.context,
    'aws:cdk:enable-path-metadata': true,
    stage: 'local',
    ...(stages === undefined ? {} : { stages }),
  };
  const child = spawn(process.execPath, [join(root, 'infra', 'app.ts')], {
    cwd: root,
    ...(signal === undefined ? {} : { signal }),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      CDK_OUTDIR: directory,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      ...(policy === undefined ? {} : { POLICY: resolve(policy) }),
      npm_config_call: '', // this stage is local, whatever was given to npm
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  });
  if (code !== 0) throw new SynthesisError(output.trim() || `the app ended with ${code}`);
  writeFileSync(join(directory, 'package.json'), '{}'); // ends Node's search for one: see `synthesize`
}
