/** Changes the groups of PCs in a stage's file: a new key for one, or the end of the older one. */
import { createHash, randomBytes } from 'node:crypto';
import { relative } from 'node:path';
import type { WindowsGroup } from '../../../shared/domain/policy/windows-group.ts';
import { jsonOf, readText } from '../../configuration/json-file.ts';
import { loadStage, parseStage, stageFile } from '../../configuration/stage.ts';
import { deployment } from '../policy/change.ts';
import { setValue } from '../policy/json-edit.ts';
import { replaceFile } from '../policy/replace-file.ts';
import type { Place } from '../policy/wish.ts';
import type { Report } from '../report.ts';
import { UsageError } from '../usage-error.ts';

const keyBytes = 32;

/** Makes a key, shows it this once, and keeps its digest: of a new group, or beside the one that it is to replace. */
export function addKey(name: string, mode: WindowsGroup['mode'] | undefined, place: Place): Report {
  const groups = groupsOf(place);
  const before = groups.find((group) => group.name === name);
  if (before !== undefined && before.keys.length > 1)
    throw new UsageError(`${name} has two keys; first end the older one: windows retire ${name}`);
  if (before === undefined && mode === undefined)
    throw new UsageError(`--mode: a new group needs one of Hybrid, MFA, DirectFidoAuth`);
  const key = randomBytes(keyBytes).toString('base64url');
  const digest = createHash('sha256').update(key).digest('hex');
  const after = {
    name,
    mode: mode ?? before?.mode ?? 'Hybrid',
    keys: [digest, ...(before?.keys ?? [])],
  };
  const file = write([...groups.filter((group) => group !== before), after], place);
  const lines = [
    `${file}: ${name} has ${after.keys.length === 1 ? 'one key' : 'two keys, the older one until windows retire'}`,
    `path = /windows/${key}`,
    'This is shown once. It goes into the registry of the PCs, where every user of them can read it.',
    `Then: ${deployment(place)}`,
  ];
  return { text: lines.join('\n'), value: { ...after, path: `/windows/${key}`, next: deployment(place) } };
}

/** Ends the older key of a group, once every PC has the newer one. */
export function retireKey(name: string, place: Place): Report {
  const groups = groupsOf(place);
  const before = groups.find((group) => group.name === name);
  if (before === undefined) throw new UsageError(`${name} is no group of this stage`);
  const [newest, older] = before.keys;
  if (newest === undefined || older === undefined)
    throw new UsageError(`${name} has one key; make the one that replaces it first: windows add ${name}`);
  const after = { ...before, keys: [newest] };
  const file = write(
    groups.map((group) => (group === before ? after : group)),
    place,
  );
  const text = `${file}: ${name} has one key\nThen: ${deployment(place)}`;
  return { text, value: { ...after, next: deployment(place) } };
}

function groupsOf({ stage, folder }: Place): readonly WindowsGroup[] {
  return loadStage(stage, { folder }).windows?.groups ?? [];
}

/** @throws ConfigurationError for what no stage takes; then the file is as it was */
function write(groups: readonly WindowsGroup[], { stage, folder }: Place): string {
  const file = stageFile(stage, folder);
  const text = setValue(readText(file), ['windows', 'groups'], groups);
  parseStage(stage, jsonOf(text, file), file);
  replaceFile(file, text);
  return relative(process.cwd(), file);
}
