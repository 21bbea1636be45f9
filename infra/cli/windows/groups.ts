/** Changes the groups of PCs in a stage's file: a new key for one, or the end of the older one. */
import { createHash, randomBytes } from 'node:crypto';
import type { WindowsGroup } from '../../../shared/domain/policy/windows-group.ts';
import { suggestion } from '../../configuration/problems.ts';
import { loadStage } from '../../configuration/stage.ts';
import type { Report } from '../report.ts';
import { type Place, writeStage } from '../stage-file.ts';
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
  const { file, next } = write([...groups.filter((group) => group !== before), after], place);
  const lines = [
    `${file}: ${name} has ${after.keys.length === 1 ? 'one key' : 'two keys, the older one until windows retire'}`,
    `path = /windows/${key}`,
    'This is shown once. It goes into the registry of the PCs, where every user of them can read it.',
    `Then: ${next}`,
  ];
  return { text: lines.join('\n'), value: { ...after, path: `/windows/${key}`, next } };
}

/** Ends the older key of a group, once every PC has the newer one. */
export function retireKey(name: string, place: Place): Report {
  const groups = groupsOf(place);
  const before = groups.find((group) => group.name === name);
  if (before === undefined) throw unknownGroup(name, groups);
  const [newest, older] = before.keys;
  if (newest === undefined || older === undefined)
    throw new UsageError(`${name} has one key; make the one that replaces it first: windows add ${name}`);
  const after = { ...before, keys: [newest] };
  const { file, next } = write(
    groups.map((group) => (group === before ? after : group)),
    place,
  );
  return { text: `${file}: ${name} has one key\nThen: ${next}`, value: { ...after, next } };
}

function groupsOf({ stage, folder }: Place): readonly WindowsGroup[] {
  return loadStage(stage, { folder }).windows?.groups ?? [];
}

function unknownGroup(name: string, groups: readonly WindowsGroup[]): UsageError {
  const names = groups.map((group) => group.name);
  const has = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
  return new UsageError(`${name} is no group of this stage; ${has}${suggestion(name, names)}`);
}

const write = (groups: readonly WindowsGroup[], place: Place) =>
  writeStage(['windows', 'groups'], groups, place);
