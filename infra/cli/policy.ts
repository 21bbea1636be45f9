/** `npm run policy`: reads and changes the policy in a stage's file, and says how it is deployed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { valueAt } from '../configuration/paths.ts';
import { ConfigurationError } from '../configuration/problems.ts';
import { loadStage, parseStage, type Stage, stageFile } from '../configuration/stage.ts';
import { type Change, type Place, readArguments, UsageError } from './arguments.ts';
import { setValue } from './json-edit.ts';
import type { Setting } from './settings.ts';

function main(args: readonly string[]): string {
  const wish = readArguments(args);
  switch (wish.kind) {
    case 'help':
      return wish.text;
    case 'show':
      return show(wish.settings, wish.place);
    case 'change':
      return change(wish.changes, wish.place);
  }
}

function show(settings: readonly Setting[], { stage, folder }: Place): string {
  const { policy } = loadStage(stage, { folder });
  const lines = settings.map(({ command, field, toggle }) => {
    const value = String(valueAt(policy, field));
    const stated =
      toggle === undefined ? value : `${valueAt(policy, toggle) ? 'enabled' : 'disabled'}, ${value}`;
    return settings.length === 1 ? stated : `${command}: ${stated}`;
  });
  return lines.join('\n');
}

/** Validates the whole stage as it would be, then writes it. */
function change(changes: readonly Change[], { stage, folder }: Place): string {
  const file = stageFile(stage, folder);
  const before = loadStage(stage, { folder });
  const differing = changes.filter(({ field, value }) => valueAt(before.policy, field) !== value);
  if (differing.length === 0) {
    return changes.map(({ field, value }) => `${named(field)} is ${value} already: nothing to do`).join('\n');
  }
  const text = differing.reduce(
    (result, { field, value }) => setValue(result, ['policy', ...field], value),
    readFileSync(file, 'utf8'),
  );
  const after = parseStage(stage, JSON.parse(text), file);
  writeFileSync(file, text);
  return [
    relative(process.cwd(), file),
    ...differing.map(
      ({ field }) => `  ${named(field)}: ${valueAt(before.policy, field)} -> ${valueAt(after.policy, field)}`,
    ),
    ...after.warnings.map((warning) => `Warning: ${warning}`),
    `Then: ${deployment(after)}`,
  ].join('\n');
}

const named = (field: readonly string[]): string => ['policy', ...field].join('.');

function deployment({ name }: Stage): string {
  if (name === 'local') return 'npm start';
  return name === 'production' ? 'npm run deploy' : `npm run deploy -- -c stage=${name}`;
}

try {
  console.log(main(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UsageError || error instanceof ConfigurationError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
