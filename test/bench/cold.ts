/** Cold starts: bytes of each bundle, and the time from the start of a process to its first answer. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundled, bundleFolder } from '../../infra/bundles.ts';
import type { FunctionName } from '../../shared/environment/variables.ts';
import { apiEvent, webEvent } from './event.ts';
import { median } from './load.ts';

export interface ColdRow {
  readonly name: string;
  readonly bytes: number;
  /** Milliseconds, median. */
  readonly firstAnswer: number;
}

interface Candidate {
  readonly name: string;
  readonly bundle: string;
  readonly event: () => Promise<unknown>;
  readonly env?: Record<string, string>;
}

const runner = fileURLToPath(new URL('cold-run.cjs', import.meta.url));
const emptyHandler = 'export const handler = async () => ({ statusCode: 200 });';
const firstWrite = `
  import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
  const client = new DynamoDBClient({ endpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB });
  export const handler = async () => {
    await client.send(new PutItemCommand({ TableName: 'floor', Item: { pk: { S: 'cold' }, sk: { S: 'start' } } }));
    return { statusCode: 200 };
  };`;

/** Interleaved, so that a slow minute of the machine meets every candidate alike. */
export async function measureCold(
  env: Record<string, string>,
  issue: (userId: string) => Promise<string>,
  runs: number,
  progress: (line: string) => void,
): Promise<ColdRow[]> {
  const candidates = await candidatesFor(firstEventsWith(issue));
  const times = new Map<string, number[]>(candidates.map(({ name }) => [name, []]));
  for (let run = 0; run < runs; run += 1) {
    for (const { name, bundle, event, env: own } of candidates) {
      times.get(name)?.push(await coldStart(bundle, await event(), { ...env, ...own }));
    }
    progress(`cold start ${run + 1} of ${runs}`);
  }
  return candidates.map(({ name, bundle }) => ({
    name,
    bytes: bytesOf(bundle),
    firstAnswer: median(times.get(name) as number[]),
  }));
}

async function candidatesFor(firstEvents: ReturnType<typeof firstEventsWith>): Promise<Candidate[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cold-'));
  const make = async (name: string, source: string): Promise<Candidate> => {
    const entry = join(folder, `${name}.mjs`);
    writeFileSync(entry, source);
    const bundle = join(folder, name, 'index.js');
    await build({
      stdin: { contents: source, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'cjs',
      minify: true,
      outfile: bundle,
    });
    return { name, bundle, event: async () => ({}) };
  };
  const functions = (Object.keys(firstEvents) as FunctionName[]).map((name) => ({
    name,
    bundle: join(bundleFolder(name), bundled[name] === 'cjs' ? 'index.js' : 'index.mjs'),
    event: firstEvents[name] as Candidate['event'],
  }));
  return [
    await make('empty handler', emptyHandler),
    await make('client-dynamodb, first write', firstWrite),
    ...functions,
  ];
}

const nobody = Buffer.alloc(33).toString('base64url');

/** A first request that takes each function through what every request of its kind goes through. */
function firstEventsWith(
  issue: (userId: string) => Promise<string>,
): Partial<Record<FunctionName, Candidate['event']>> {
  let starts = 0;
  const fixed = (event: unknown) => async () => event;
  return {
    'issue-otp': fixed(apiEvent('POST /v1/otp-challenges', JSON.stringify({ userId: 'cold' }))),
    'verify-otp': async () => {
      starts += 1;
      const { challengeId } = JSON.parse(await issue(`cold-${starts}`)) as { challengeId: string };
      const body = JSON.stringify({ code: '123456' });
      return apiEvent('POST /v1/otp-challenges/{challengeId}/verify', body, { challengeId });
    },
    'kba-check': fixed(apiEvent('POST /v1/kba-challenges', JSON.stringify({ userId: 'cold' }))),
    'generate-backup-code': fixed(apiEvent('GET /v1/users/{userId}/backup-codes', '', { userId: 'cold' })),
    recovery: fixed(apiEvent('GET /v1/recoveries/{recoveryId}', '', { recoveryId: nobody })),
    users: fixed(apiEvent('GET /v1/users/{userId}', '', { userId: 'cold' })),
    policy: fixed(apiEvent('GET /v1/policy', '')),
    // The library with the endpoint that every sign-in by a client begins with.
    oidc: fixed(
      webEvent('POST /oidc/par', {
        response_type: 'code',
        client_id: 'web-login',
        redirect_uri: 'https://portal.example.com/callback',
        scope: 'openid',
        login_hint: 'cold',
        code_challenge: nobody.slice(0, 43),
        code_challenge_method: 'S256',
      }),
    ),
    'sign-in': fixed(
      webEvent(
        'GET /oidc/authorize',
        {},
        `client_id=web-login&request_uri=urn:ietf:params:oauth:request_uri:${nobody}`,
      ),
    ),
    deliver: fixed({
      Records: [
        {
          messageId: '1',
          body: JSON.stringify({ kind: 'otp', challengeId: nobody, challengeKey: 'slot', sequence: 1 }),
          attributes: { ApproximateReceiveCount: '1' },
          eventSourceARN: 'arn:aws:sqs:eu-central-1:000000000000:email',
        },
      ],
    }),
  };
}

function coldStart(bundle: string, event: unknown, env: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [runner, bundle, JSON.stringify(event)], {
      env,
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    });
    let text = '';
    child.stdio[3]?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    child.on('close', (code) =>
      code === 0 && text !== '' ? resolve(Number(text)) : reject(new Error(`${bundle}: ${code}`)),
    );
  });
}

/** What is loaded at a cold start: the bundle, without the chunks that are loaded on demand. */
function bytesOf(bundle: string): number {
  if (!existsSync(bundle)) throw new Error(`${bundle} is not there`);
  const folder = join(bundle, '..');
  return readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}
