/** A stage: its file read, checked field by field and across fields, and its policy completed with the defaults. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as z from 'zod';
import { defaultPolicy, type Policy } from '../../shared/domain/policy/policy.ts';
import { readJson } from './json-file.ts';
import { isObject, valueAt } from './paths.ts';
import { type PolicyOverrides, policySchema } from './policy-schema.ts';
import { ConfigurationError, type ConfigurationProblem, problemsOf, refusal } from './problems.ts';
import { ruleProblems, stageName } from './rules.ts';
import { type StageConfiguration, stageSchema } from './schema.ts';
import { type Warning, warningsOf } from './warnings.ts';

export interface Stage extends Omit<StageConfiguration, 'policy'> {
  readonly name: string;
  readonly policy: Policy;
  /** Worth knowing, and no reason to stop. */
  readonly warnings: readonly Warning[];
}

const ownStages = fileURLToPath(new URL('../stages', import.meta.url));
/** The package brings no stages: there it is those of the project that it is used in. */
const stagesFolder = existsSync(ownStages) ? ownStages : resolve('infra/stages');

/** @throws ConfigurationError when the folder has no such stage. */
export function stageFile(name: string, folder = stagesFolder): string {
  const all = stagesIn(folder);
  const names = all.filter((each) => stageName.test(each));
  if (names.includes(name)) return join(folder, `${name}.json`);
  const characters = 'lower-case letters, digits and hyphens, a letter first';
  const allowed = all.includes(name) ? characters : `one of ${names.join(', ')}`;
  const message = refusal(name, allowed, names);
  throw new ConfigurationError(`stage ${name}`, [{ field: 'stage', message }]);
}

function stagesIn(folder: string): string[] {
  let entries: string[];
  try {
    entries = readdirSync(folder);
  } catch {
    throw new ConfigurationError(folder, [
      { field: '(the folder)', message: 'it cannot be read; check the path' },
    ]);
  }
  const names = entries
    .filter((entry) => entry.endsWith('.json'))
    .map((entry) => entry.slice(0, -'.json'.length));
  if (names.length > 0) return names;
  const message = 'it holds no stage; use a folder of files such as production.json';
  throw new ConfigurationError(folder, [{ field: '(the folder)', message }]);
}

export interface LoadOptions {
  /** A JSON file whose policy stands in for the stage's own. */
  readonly policyPath?: string | undefined;
  /** Laid over what the file says before anything is checked; objects are merged, all else is replaced. */
  readonly overrides?: object | undefined;
  readonly folder?: string | undefined;
}

/** @throws ConfigurationError that names every faulty field at once. */
export function loadStage(name: string, { policyPath, overrides, folder }: LoadOptions = {}): Stage {
  const file = stageFile(name, folder);
  const policy = policyPath === undefined ? undefined : readJson(policyPath);
  if (policy !== undefined) parsePolicy(policy, policyPath);
  const given = merge(readJson(file), overrides ?? {});
  return parseStage(name, policy === undefined ? given : { ...(given as object), policy }, file);
}

/**
 * @param source what messages call it, usually its path.
 * @param isLater whether a value is known at the deployment alone, and so cannot be judged.
 * @throws ConfigurationError
 */
export function parseStage(
  name: string,
  given: unknown,
  source: string,
  isLater: (value: unknown) => boolean = () => false,
): Stage {
  const { data, problems } = check(stageSchema, given);
  const { policy: overrides, ...configuration } = (data ??
    (isObject(given) ? given : {})) as StageConfiguration;
  const policy = completePolicy(overrides);
  const candidate = { name, configuration, policy };
  const faulty = problems.filter(({ field }) => !isLater(valueAt(given, field.split('.'))));
  throwIfAny(source, [...faulty, ...ruleProblems(candidate, fieldsOf(problems))]);
  return { ...configuration, name, policy, warnings: warningsOf(candidate) };
}

/** A policy on its own: fields may be left out, defaults stand in. @throws ConfigurationError */
export function parsePolicy(given: unknown, source = 'the policy'): Policy {
  refuseStage(given, source);
  const { data, problems } = check(policySchema, given);
  const policy = completePolicy(data ?? (given as PolicyOverrides));
  // What a policy needs of the rest of a stage is for `parseStage` to say.
  const faulty = [...fieldsOf(problems).map((field) => `policy.${field}`), 'policy.mfaMethod', 'stage'];
  const spanning = ruleProblems({ name: source, configuration: {}, policy }, faulty);
  const own = spanning.map(({ field, message }) => ({ field: field.replace(/^policy\./, ''), message }));
  throwIfAny(source, [...problems, ...own]);
  return policy;
}

/** A stage's file in the place of a policy would get a line for each of its fields. */
function refuseStage(given: unknown, source: string): void {
  if (!isPlain(given) || !['policy', 'region'].some((field) => Object.hasOwn(given, field))) return;
  const message = "that is a stage's file; its policy is under `policy`";
  throw new ConfigurationError(source, [{ field: '(the file)', message }]);
}

/** Adds the defaults of every field that is left out. */
export function completePolicy(overrides: PolicyOverrides | undefined): Policy {
  return merge(defaultPolicy, isPlain(overrides) ? overrides : {}) as Policy;
}

function check<S extends z.ZodType>(schema: S, given: unknown) {
  const { data, error } = schema.safeParse(given);
  return { data, problems: error === undefined ? [] : problemsOf(error, given, schema) };
}

const fieldsOf = (problems: readonly ConfigurationProblem[]) => problems.map(({ field }) => field);

function throwIfAny(source: string, problems: readonly ConfigurationProblem[]): void {
  if (problems.length > 0) throw new ConfigurationError(source, problems);
}

function merge(below: unknown, above: unknown): unknown {
  if (above === undefined) return below;
  if (!isPlain(below) || !isPlain(above)) return above;
  const keys = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries(Array.from(keys, (key) => [key, merge(below[key], above[key])]));
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && !Array.isArray(value);
