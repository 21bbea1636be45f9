/** Reads and checks a function's environment variables. */
import type { DecoySet } from '../domain/contact/decoy.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { policyVersion } from '../domain/policy/policy-version.ts';
import {
  type AwsClient,
  awsClients,
  type EnvironmentName,
  type FunctionName,
  functionEnvironment,
  optionalEnvironment,
} from './variables.ts';

type Optional = (typeof optionalEnvironment)[number];

export type Environment<F extends FunctionName> = {
  readonly [Name in Exclude<EnvironmentName<F>, Optional>]: string;
} & {
  readonly [Name in Extract<EnvironmentName<F>, Optional>]?: string;
};

/** @throws `Error` that names every required variable that is missing */
export function environmentOf<F extends FunctionName>(name: F, source = process.env): Environment<F> {
  const optional: readonly string[] = optionalEnvironment;
  const names: readonly string[] = functionEnvironment[name];
  const missing = names.filter((variable) => !source[variable] && !optional.includes(variable));
  if (missing.length > 0) throw new Error(`the environment of ${name} lacks ${missing.join(', ')}`);
  return Object.fromEntries(names.flatMap((n) => (source[n] ? [[n, source[n]]] : []))) as Environment<F>;
}

/** Parses the policy. It was validated when the deployment was synthesized. */
export function policyFrom({ FALLBACK_POLICY }: { readonly FALLBACK_POLICY: string }): Policy {
  return JSON.parse(FALLBACK_POLICY) as Policy;
}

/** Parses what means nothing in a name; nothing where the stage lists nothing. */
export function sameNamesFrom({ SAME_NAMES }: { readonly SAME_NAMES?: string }): readonly string[] {
  return SAME_NAMES ? (JSON.parse(SAME_NAMES) as string[]) : [];
}

/** Parses the sets of methods that the stage says its people have; none where it says nothing. */
export function decoysFrom({ DECOYS }: { readonly DECOYS?: string }): readonly DecoySet[] {
  return DECOYS ? (JSON.parse(DECOYS) as DecoySet[]) : [];
}

/** The name that Lambda gave this function; `undefined` outside of one. */
export function functionInForce(): string | undefined {
  return process.env['AWS_LAMBDA_FUNCTION_NAME'];
}

let version: string | undefined;

/** The version of the policy that this function decides by; `undefined` outside a function. */
export function versionInForce(): string | undefined {
  const { FALLBACK_POLICY } = process.env;
  if (FALLBACK_POLICY) version ??= policyVersion(policyFrom({ FALLBACK_POLICY }));
  return version;
}

/** Digests of the secrets that a request has to bring one of; none where nothing stands in front of the API. */
export function frontSecretsInForce(): readonly string[] {
  const { FRONT_SECRETS } = process.env;
  return FRONT_SECRETS ? FRONT_SECRETS.split(',') : [];
}

/**
 * Which AWS clients this function takes; `trimmed` when the variable is absent.
 *
 * @throws when its value is none of the two, so that a slip of the keyboard does not pass for a switch
 */
export function awsClientInForce(): AwsClient {
  const { AWS_CLIENT } = process.env;
  const client = awsClients.find((one) => one === (AWS_CLIENT || 'trimmed'));
  if (client === undefined) throw new Error(`AWS_CLIENT is not one of ${awsClients.join(', ')}`);
  return client;
}

const highestVersion = 65_535; // encrypted data names its key's version in two bytes

/**
 * Parses `2=arn:…,1=arn:…`: ids of keys by version, the one in use first.
 *
 * @throws `Error` for any other text, or for a version that occurs twice
 */
export function keyVersions(text: string): ReadonlyMap<number, string> {
  const entries = text.split(',').map((entry): [number, string] => {
    const [, version = '', id = ''] = /^([1-9]\d{0,4})=(.+)$/.exec(entry) ?? [];
    return [Number(version), id];
  });
  const versions = new Map(entries);
  const isUsable = ([version]: [number, string]) => version > 0 && version <= highestVersion;
  if (!entries.every(isUsable) || versions.size < entries.length) {
    throw new Error('key versions are written as version=key, separated by commas, the one in use first');
  }
  return versions;
}
