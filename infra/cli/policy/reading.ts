/** The policy as lines for a person. */
import type { Policy } from '../../../shared/domain/policy/policy.ts';
import { policyVersion } from '../../../shared/domain/policy/policy-version.ts';
import { isObject, valueAt } from '../../configuration/paths.ts';
import type { Setting } from './settings.ts';

/** The current value of a setting, with its switch where it has one: `disabled, kba`. */
export function stated({ field, toggle }: Setting, policy: Policy): string {
  const value = String(valueAt(policy, field));
  if (toggle === undefined) return value;
  return `${valueAt(policy, toggle) ? 'enabled' : 'disabled'}, ${value}`;
}

/** The current value and what it may become. */
export function explained(setting: Setting, policy: Policy): string {
  const switched = setting.toggle === undefined ? '' : '--enable or --disable, ';
  return `${stated(setting, policy)}\nAllowed: ${switched}-s ${setting.values.join('|')}`;
}

/** `policy.otp.digits: 6`, one line a field, and before them the version that logs name. */
export function everyField(policy: Policy): string[] {
  return [`version: ${policyVersion(policy)}`, ...fields(['policy'], policy)];
}

function fields(path: readonly string[], value: unknown): string[] {
  if (!isObject(value) || Array.isArray(value)) return [`${path.join('.')}: ${shown(value)}`];
  return Object.entries(value).flatMap(([key, inner]) => fields([...path, key], inner));
}

const shown = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value));
