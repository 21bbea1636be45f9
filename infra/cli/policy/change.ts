/** Changes a stage's file: the whole stage is checked as it would be, and only then written. */
import { relative } from 'node:path';
import type { Policy } from '../../../shared/domain/policy/policy.ts';
import { policyVersion } from '../../../shared/domain/policy/policy-version.ts';
import { jsonOf, readJson, readText } from '../../configuration/json-file.ts';
import { valueAt } from '../../configuration/paths.ts';
import { ConfigurationError } from '../../configuration/problems.ts';
import { loadStage, parseStage, stageFile } from '../../configuration/stage.ts';
import { setValue } from '../json-edit.ts';
import type { Report } from '../report.ts';
import { deployment, type Place, replaceStage } from '../stage-file.ts';
import type { Change } from './wish.ts';

/** @returns what changed, what to think of, and the command that deploys it. @throws ConfigurationError */
export function change(changes: readonly Change[], place: Place): Report {
  const file = stageFile(place.stage, place.folder);
  const before = policyBefore(changes, place, file);
  const differing = changes.filter(({ field, value }) => valueAt(before, field) !== value);
  if (differing.length === 0) {
    const lines = changes.map(({ field, value }) => `${named(field)} is ${value} already: nothing to do`);
    return { text: lines.join('\n'), value: { changed: [] } };
  }
  const text = differing.reduce(
    (result, { field, value }) => setValue(result, ['policy', ...field], value),
    readText(file),
  );
  const changed = differing.map(({ field }) => named(field));
  const after = parseStage(place.stage, jsonOf(text, file), file);
  refuseRepeatedField(differing, after.policy, file);
  replaceStage(file, text);
  return reportOf({
    file: relative(process.cwd(), file),
    changed: differing.map(({ field }) => ({
      field: named(field),
      before: valueAt(before, field),
      after: valueAt(after.policy, field),
    })),
    version: policyVersion(after.policy),
    warnings: after.warnings
      .filter(({ fields }) => fields.some((field) => changed.includes(field)))
      .map(({ message }) => message),
    next: deployment(place),
  });
}

interface Changed {
  readonly file: string;
  readonly changed: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[];
  readonly version: string;
  readonly warnings: readonly string[];
  /** The command that puts it into effect. */
  readonly next: string;
}

function reportOf(value: Changed): Report {
  const lines = [
    value.file,
    ...value.changed.map(({ field, before, after }) => `  ${field}: ${before} → ${after}`),
    `  version: ${value.version}`,
    ...value.warnings.map((message) => `Warning: ${message}`),
    `Then: ${value.next}`,
  ];
  return { text: lines.join('\n'), value };
}

/** The policy as it is. Faulty fields may stand when the change replaces every one of them. */
function policyBefore(changes: readonly Change[], { stage, folder }: Place, file: string): unknown {
  const replaced = changes.map(({ field }) => named(field));
  try {
    return loadStage(stage, { folder }).policy;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    if (!error.problems.every(({ field }) => replaced.includes(field))) throw error;
    return valueAt(readJson(file), ['policy']);
  }
}

/** Of a field that the file names twice only the first is changed, and only the last one counts. */
function refuseRepeatedField(changes: readonly Change[], policy: Policy, file: string): void {
  const unchanged = changes.find(({ field, value }) => valueAt(policy, field) !== value);
  if (unchanged === undefined) return;
  const message = 'the file names it, or what it stands in, twice; remove one';
  throw new ConfigurationError(file, [{ field: named(unchanged.field), message }]);
}

const named = (field: readonly string[]): string => ['policy', ...field].join('.');
