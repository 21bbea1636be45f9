/** A stage: its file read, checked field by field and across fields, and its policy completed with the defaults. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type * as z from 'zod';
import { defaultPolicy, type Policy } from '../../shared/domain/policy.ts';
import { ConfigurationError, type ConfigurationProblem, problemsOf, suggestion } from './problems.ts';
import { type PolicyOverrides, policySchema, type StageConfiguration, stageSchema } from './schema.ts';

export interface Stage extends Omit<StageConfiguration, 'policy'> {
  readonly name: string;
  readonly policy: Policy;
  /** Worth knowing, and no reason to stop. */
  readonly warnings: readonly string[];
}

const stagesFolder = fileURLToPath(new URL('../stages', import.meta.url));

export function stageFile(name: string, folder = stagesFolder): string {
  const file = `${folder}/${name}.json`;
  if (existsSync(file)) return file;
  const names = readdirSync(folder).map((entry) => entry.replace(/\.json$/, ''));
  const message = `there is no such stage; use one of ${names.join(', ')}${suggestion(name, names)}`;
  throw new ConfigurationError(`stage ${name}`, [{ field: 'stage', message }]);
}

export interface LoadOptions {
  /** A JSON file whose policy stands in for the stage's own. */
  readonly policyPath?: string | undefined;
  readonly folder?: string | undefined;
}

/** @throws ConfigurationError that names every faulty field at once. */
export function loadStage(name: string, { policyPath, folder }: LoadOptions = {}): Stage {
  const file = stageFile(name, folder);
  const { policy: ownPolicy, ...configuration } = parse(stageSchema, readJson(file), file);
  const overrides =
    policyPath === undefined ? (ownPolicy ?? {}) : parse(policySchema, readJson(policyPath), policyPath);
  const policy = completePolicy(overrides);
  const problems = [...policyProblems(policy), ...stageProblems(name, configuration, policy)];
  if (problems.length > 0) throw new ConfigurationError(policyPath ?? file, problems);
  return { ...configuration, name, policy, warnings: warningsOf(policy) };
}

/** Adds the defaults of every field that is left out. */
export function completePolicy(overrides: PolicyOverrides): Policy {
  const complete = Object.entries(defaultPolicy).map(([field, standard]) => {
    const given = overrides[field as keyof Policy];
    if (given === undefined) return [field, standard];
    return [field, typeof standard === 'object' ? { ...standard, ...(given as object) } : given];
  });
  return Object.fromEntries(complete) as Policy;
}

export function parse<S extends z.ZodType>(schema: S, given: unknown, source: string): z.output<S> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new ConfigurationError(source, problemsOf(result.error, given, schema));
}

export function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new ConfigurationError(file, [
      { field: '(the file)', message: 'it cannot be read; check the path' },
    ]);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigurationError(file, [
      { field: '(the file)', message: `it is not JSON: ${(error as Error).message}` },
    ]);
  }
}

/** Rules that span the fields of a policy. */
export function policyProblems({ lockout, sends }: Policy): ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  const atLeast = (field: string, value: number, other: string, least: number) => {
    if (value < least)
      problems.push({
        field: `policy.${field}`,
        message: `${value} is not allowed; use at least ${other}, ${least}`,
      });
  };
  atLeast(
    'lockout.longestWaitSeconds',
    lockout.longestWaitSeconds,
    'firstWaitSeconds',
    lockout.firstWaitSeconds,
  );
  atLeast(
    'lockout.attemptsBeforeStop',
    lockout.attemptsBeforeStop,
    'attemptsBeforeWait',
    lockout.attemptsBeforeWait,
  );
  atLeast('sends.perHour', sends.perHour, 'perTenMinutes', sends.perTenMinutes);
  atLeast('sends.perDay', sends.perDay, 'perHour', sends.perHour);
  return problems;
}

function stageProblems(
  name: string,
  { tokens, voice, region }: Omit<StageConfiguration, 'policy'>,
  policy: Policy,
): ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  if (tokens.issuer === 'own' && !tokens.issuerUrl.startsWith('https://') && name !== 'local') {
    problems.push({
      field: 'tokens.issuerUrl',
      message: `"${tokens.issuerUrl}" is not allowed; use an https URL`,
    });
  }
  if (voice && (voice.queueId === undefined) === (voice.sourcePhoneNumber === undefined)) {
    problems.push({ field: 'voice', message: 'use either queueId or sourcePhoneNumber, and not both' });
  }
  if (voice && voice.region !== region) {
    const message = `"${voice.region}" is not allowed; use the region of the stage, ${region}: a contact flow invokes functions of its own region`;
    problems.push({ field: 'voice.region', message });
  }
  if (policy.mfaMethod === 'Call' && voice === undefined) {
    problems.push({
      field: 'policy.mfaMethod',
      message: '"Call" is not allowed without voice; configure voice, or use SMS, Email or All',
    });
  }
  return problems;
}

function warningsOf({ forgotPhone }: Policy): string[] {
  if (!forgotPhone.enabled || forgotPhone.method !== 'kba') return [];
  return [
    'policy.forgotPhone.method "kba" lets people in by answers that others may know or find. Prefer kba+otp-alternate-email.',
  ];
}
