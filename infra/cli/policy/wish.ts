/** What an administrator asks of the policy, or a refusal that says what was meant or allowed. */
import { refusal, suggestion } from '../../configuration/problems.ts';
import type { Place } from '../stage-file.ts';
import { UsageError } from '../usage-error.ts';
import { canonical, type Setting, settings } from './settings.ts';

/** One field of the policy and its new value. */
export interface Change {
  readonly field: readonly string[];
  readonly value: string | boolean;
}

export type Wish =
  /** The administrator's settings, and with `show` every field. */
  | { readonly kind: 'overview' | 'show'; readonly place: Place }
  /** One setting; `get` is for scripts, which want the value and nothing else. */
  | { readonly kind: 'get' | 'explain'; readonly setting: Setting; readonly place: Place }
  | { readonly kind: 'change'; readonly changes: readonly Change[]; readonly place: Place };

/** The options of a setting's command. */
export interface Given {
  readonly get?: boolean | undefined;
  readonly set?: string | undefined;
  readonly enable?: boolean | undefined;
  readonly disable?: boolean | undefined;
}

/** @throws {UsageError} */
export function wishOf(setting: Setting, given: Given, place: Place): Wish {
  const changes = changesOf(setting, given);
  if (changes.length > 0) return { kind: 'change', changes, place };
  return { kind: given.get ? 'get' : 'explain', setting, place };
}

function changesOf(setting: Setting, { set, enable, disable }: Given): Change[] {
  const changes: Change[] = [];
  if (enable || disable) {
    if (setting.toggle === undefined) {
      const toggled = settings.filter((one) => 'toggle' in one).map((one) => one.command);
      throw new UsageError(`--enable and --disable belong to ${toggled.join(', ')}; use -s`);
    }
    changes.push({ field: setting.toggle, value: enable === true });
  }
  if (set !== undefined) {
    const value = canonical(setting, set);
    if (value === undefined) throw new UsageError(`${setting.command}: ${refusalOf(setting, set)}`);
    changes.push({ field: setting.field, value });
  }
  return changes;
}

function refusalOf({ values, elsewhere = {} }: Setting, typed: string): string {
  const word = typed.toLowerCase();
  const known = Object.hasOwn(elsewhere, word) ? `; did you mean ${elsewhere[word]}?` : undefined;
  return refusal(typed, `one of ${values.join(', ')}`) + (known ?? suggestion(typed, values));
}
