/** The command line of `npm run policy` as a wish, or a refusal that says what was meant or allowed. */
import { parseArgs } from 'node:util';
import { defaultPolicy } from '../../../shared/domain/policy.ts';
import { isObject, valueAt } from '../../configuration/paths.ts';
import { refusal, suggestion } from '../../configuration/problems.ts';
import { call, commandHelp, generalHelp } from './help.ts';
import { canonical, type Setting, settings } from './settings.ts';

/** One field of the policy and its new value. */
export interface Change {
  readonly field: readonly string[];
  readonly value: string | boolean;
}

export type Wish =
  | { readonly kind: 'help'; readonly text: string }
  /** The administrator's settings, and with `show` every field. */
  | { readonly kind: 'overview' | 'show'; readonly place: Place }
  /** One setting; `get` is for scripts, which want the value and nothing else. */
  | { readonly kind: 'get' | 'explain'; readonly setting: Setting; readonly place: Place }
  | { readonly kind: 'change'; readonly changes: readonly Change[]; readonly place: Place };

/** Where the stage file is. */
export interface Place {
  readonly stage: string;
  readonly folder?: string | undefined;
}

/** The command line cannot be followed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const options = {
  get: { type: 'boolean', short: 'g' },
  set: { type: 'string', short: 's' },
  enable: { type: 'boolean' },
  disable: { type: 'boolean' },
  stage: { type: 'string', default: 'production' },
  stages: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** @throws {UsageError} */
export function readArguments(args: readonly string[]): Wish {
  const { values, positionals } = parse(args);
  const isHelp = positionals[0]?.toLowerCase() === 'help';
  const [command, ...more] = isHelp ? positionals.slice(1) : positionals;
  const place = { stage: values.stage, folder: values.stages };
  const isShow = command?.toLowerCase() === 'show';
  const setting = command === undefined || isShow ? undefined : settingOf(command, place);
  if (isHelp || values.help) return { kind: 'help', text: setting ? commandHelp(setting) : generalHelp() };
  if (more.length > 0) throw new UsageError(`${more.join(' ')}: too many words${meant(setting, more)}`);
  const wants = [values.set, values.enable, values.disable].some((value) => value !== undefined);
  if (setting === undefined) {
    if (wants) throw new UsageError(`say what to set: ${settings.map((one) => one.command).join(', ')}`);
    return { kind: isShow ? 'show' : 'overview', place };
  }
  if (!wants) return { kind: values.get ? 'get' : 'explain', setting, place };
  if (values.get) throw new UsageError('-g reads and -s changes: use one of them');
  return { kind: 'change', changes: changesOf(setting, values), place };
}

/** npm has an option `-s` of its own: without `--` before it, the value alone comes here. */
function meant(setting: Setting | undefined, words: readonly string[]): string {
  if (setting === undefined) return '';
  const value = words.find((word) => canonical(setting, word) !== undefined) ?? words[0];
  return `; a value is given with -s, after --, as in ${call} ${setting.command} -s ${value}`;
}

function parse(args: readonly string[]) {
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true, tokens: true });
    refuseRepetitions(parsed.tokens.filter((token) => token.kind === 'option'));
    return parsed;
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (!code.startsWith('ERR_PARSE_ARGS')) throw error;
    const unknown = /Unknown option '(--?[\w-]+)/.exec(message)?.[1];
    if (unknown === undefined) throw new UsageError(`${message.split('.')[0]}; --help says more`);
    const known = Object.keys(options).map((name) => `--${name}`);
    throw new UsageError(`${unknown}: there is no such option${suggestion(unknown, known)}`);
  }
}

/** The last value would win, and nobody would hear of the first. */
function refuseRepetitions(given: readonly { readonly name: string; readonly rawName: string }[]): void {
  const repeated = given.find(({ name }, at) => given.findIndex((other) => other.name === name) < at);
  if (repeated !== undefined) throw new UsageError(`${repeated.rawName}: it is given twice; use it once`);
}

function settingOf(command: string, place: Place): Setting {
  const found = settings.find((setting) => setting.command === command.toLowerCase());
  if (found !== undefined) return found;
  refuseField(command, place);
  const names = [...settings.map((setting) => setting.command), 'show'];
  throw new UsageError(
    `${command}: there is no such command; use one of ${names.join(', ')}${suggestion(command, names)}`,
  );
}

/** Somebody typed a field as the file and docs/policy.md name it. */
function refuseField(typed: string, { stage, folder = 'infra/stages' }: Place): void {
  const path = typed.replace(/^policy\./, '').split('.');
  const value = valueAt(defaultPolicy, path);
  if (value === undefined || (isObject(value) && !Array.isArray(value))) return;
  const isPath = (field: readonly string[] | undefined) => field?.join('.') === path.join('.');
  const setting = settings.find((one: Setting) => isPath(one.field) || isPath(one.toggle));
  if (setting !== undefined) throw new UsageError(`${typed}: it is set with ${setting.command}`);
  const file = `${folder}/${stage}.json`;
  throw new UsageError(`${typed}: no command sets it; write it into ${file}, see docs/policy.md`);
}

interface Given {
  readonly set?: string | undefined;
  readonly enable?: boolean | undefined;
  readonly disable?: boolean | undefined;
}

function changesOf(setting: Setting, { set, enable, disable }: Given): Change[] {
  const changes: Change[] = [];
  if (enable || disable) {
    if (setting.toggle === undefined) {
      const toggled = settings.filter((one) => 'toggle' in one).map((one) => one.command);
      throw new UsageError(`--enable and --disable belong to ${toggled.join(', ')}; use -s`);
    }
    if (enable && disable) throw new UsageError('use either --enable or --disable');
    changes.push({ field: setting.toggle, value: enable === true });
  }
  if (set !== undefined) {
    const value = canonical(setting, set);
    if (value === undefined) {
      const { command, values } = setting;
      throw new UsageError(`${command}: ${refusal(set, `one of ${values.join(', ')}`, values)}`);
    }
    changes.push({ field: setting.field, value });
  }
  return changes;
}
