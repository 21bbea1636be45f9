/** Words that are no command of the policy, or one too many: what was meant by them. */
import { defaultPolicy } from '../../../shared/domain/policy/policy.ts';
import { isObject, valueAt } from '../../configuration/paths.ts';
import { suggestion } from '../../configuration/problems.ts';
import type { Place } from '../stage-file.ts';
import { UsageError } from '../usage-error.ts';
import { canonical, type Setting, settings } from './settings.ts';

/**
 * npm has an option `-s` of its own: without `--` before it, the value alone comes here.
 * @throws {UsageError}
 */
export function refuseMore(words: readonly string[], call: string, setting?: Setting): void {
  if (words.length === 0) return;
  const value = setting && (words.find((word) => canonical(setting, word) !== undefined) ?? words[0]);
  const meant = value === undefined ? '' : `; a value is given with -s, after --, as in ${call} -s ${value}`;
  throw new UsageError(`${words.join(' ')}: too many words${meant}`);
}

export function unknownWord(word: string, place: Place): UsageError {
  const names = [...settings.map((setting) => setting.command), 'show'];
  const unknown = `there is no such command; use one of ${names.join(', ')}${suggestion(word, names)}`;
  return new UsageError(`${word}: ${aboutField(word, place) ?? unknown}`);
}

/** Somebody typed a field as the file and docs/policy.md name it. */
function aboutField(typed: string, { stage, folder = 'infra/stages' }: Place): string | undefined {
  const path = typed.replace(/^policy\./, '').split('.');
  const value = valueAt(defaultPolicy, path);
  if (value === undefined || (isObject(value) && !Array.isArray(value))) return undefined;
  const isPath = (field: readonly string[] | undefined) => field?.join('.') === path.join('.');
  const setting = settings.find((one: Setting) => isPath(one.field) || isPath(one.toggle));
  if (setting !== undefined) return `it is set with ${setting.command}`;
  return `no command sets it; write it into ${folder}/${stage}.json, see docs/policy.md`;
}
