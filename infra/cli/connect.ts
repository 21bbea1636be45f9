/** The API that a command talks to: the local stack, the one that was deployed from here, or the one that is named. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type Client, createClient } from '../../shared/client/client.ts';
import { UsageError } from './usage-error.ts';

/** The clients of the local stack, one for each scope. */
export type LocalClient = 'admin' | 'helpdesk' | 'credential-provider' | 'web-login';

export interface Target {
  readonly api: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the issuer wants it asked for, as Entra ID and Okta do. */
  readonly scope?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Where `cdk deploy` leaves the outputs of its last run, as cdk.json says. */
const outputsFile = '.stage/outputs.json';

/** @param local whose rights the command needs. @throws UsageError */
export function connect(
  command: Command,
  local: LocalClient,
  settings: { fetch?: typeof fetch } = {},
): Client {
  const target = targetOf(command.optsWithGlobals(), process.env, local);
  try {
    return createClient({ ...target, ...settings });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}

/** @throws UsageError that names every variable that is missing */
export function targetOf(
  { api, stage }: { readonly api?: string | undefined; readonly stage?: string | undefined },
  environment: Environment,
  local: LocalClient,
): Target {
  if (api !== undefined && stage !== undefined) throw new UsageError('--api or --stage: give one of them');
  if (stage !== undefined && stage !== 'local') return named(outputsOf(stage), environment);
  const origin = api ?? `http://127.0.0.1:${environment['PORT'] || 3000}`;
  if (api === undefined || (isThisMachine(api) && !environment['MFA_CLIENT_ID']))
    return { api: origin, tokenUrl: `${origin}/oauth2/token`, clientId: local, clientSecret: 'local' };
  return named({ api }, environment);
}

function isThisMachine(api: string): boolean {
  return URL.canParse(api) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(api).hostname);
}

function named({ api, tokenUrl }: Deployed, environment: Environment): Target {
  const given = {
    MFA_CLIENT_ID: environment['MFA_CLIENT_ID'] ?? '',
    MFA_CLIENT_SECRET: environment['MFA_CLIENT_SECRET'] ?? '',
    MFA_TOKEN_URL: environment['MFA_TOKEN_URL'] || (tokenUrl ?? ''),
  };
  const missing = Object.entries(given).flatMap(([name, value]) => (value === '' ? [name] : []));
  if (missing.length > 0)
    throw new UsageError(`${missing.join(', ')}: set in the environment what ${api} is called with`);
  return {
    api,
    tokenUrl: given.MFA_TOKEN_URL,
    clientId: given.MFA_CLIENT_ID,
    clientSecret: given.MFA_CLIENT_SECRET,
    scope: environment['MFA_SCOPE'] || undefined,
  };
}

interface Deployed {
  readonly api: string;
  readonly tokenUrl?: string | undefined;
}

/** @throws UsageError where the last deployment from this folder was of another stage, or there was none */
function outputsOf(stage: string): Deployed {
  let outputs: Record<string, Record<string, string> | undefined> = {};
  try {
    outputs = JSON.parse(readFileSync(outputsFile, 'utf8'));
  } catch {
    // There is none: said below.
  }
  const { ApiUrl: api, TokenEndpoint: tokenUrl } = outputs[`MfaFallback-${stage}`] ?? {};
  if (api !== undefined) return { api, tokenUrl };
  throw new UsageError(
    `--stage ${stage}: the last deployment from this folder was not of it; give --api with its output ApiUrl`,
  );
}
