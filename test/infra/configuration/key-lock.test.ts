/** The lock of key versions: both rotations go through, and no version comes back as another key. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { holdKeyVersions } from '../../../infra/configuration/key-lock.ts';
import { ConfigurationError } from '../../../infra/configuration/problems.ts';
import { loadStage, stageFile } from '../../../infra/configuration/stage.ts';

const newStage = () => join(mkdtempSync(join(tmpdir(), 'stages-')), 'trial.json');
const lockOf = (file: string) => file.replace('trial.json', 'trial.keys.json');
const keys = (pepper: number[], signing: number[] = [1], rsa2048?: number[]) => ({
  pepper: { versions: pepper },
  signing: { versions: signing, ...(rsa2048 && { rsa2048 }) },
});

/** What holding these versions after those says, a line a fault but for the one about the lock itself. */
function faults(...history: ReturnType<typeof keys>[]): string[] {
  const file = newStage();
  const last = history.pop() as ReturnType<typeof keys>;
  for (const each of history) holdKeyVersions(file, each);
  try {
    holdKeyVersions(file, last);
  } catch (error) {
    const { problems } = error as ConfigurationError;
    expect(problems.at(-1)?.field).toBe(lockOf(file));
    return problems.slice(0, -1).map(({ field, message }) => `${field}: ${message}`);
  }
  return [];
}

it('the lock is written with the first synthesis and when a version is new, and only then', () => {
  const file = newStage();
  expect(holdKeyVersions(file, keys([1]))).toBe(lockOf(file));
  expect(holdKeyVersions(file, keys([1]))).toBeUndefined();
  expect(holdKeyVersions(file, keys([2, 1]))).toBe(lockOf(file));
  expect(JSON.parse(readFileSync(lockOf(file), 'utf8'))).toEqual({
    pepper: [1, 2],
    signing: { inUse: [1], left: [], rsa2048: [] },
  });
});

it('both rotations of the runbook go through', () => {
  expect(faults(keys([1]), keys([1, 2]), keys([2, 1]), keys([1, 2]))).toEqual([]);
  expect(faults(keys([1], [1]), keys([1], [1, 2]), keys([1], [2, 1]), keys([1], [2]))).toEqual([]);
});

it('a pepper version that is taken out is refused, before it can come back as another key', () => {
  expect(faults(keys([1, 2]), keys([2]))).toEqual([
    'keys.pepper.versions: [2] is not allowed; use a list with every version there was, 1, 2: ' +
      'data under them could not be read',
  ]);
});

it('a signing version that left the list does not come back', () => {
  expect(faults(keys([1], [2, 1]), keys([1], [2]), keys([1], [2, 1]))).toEqual([
    'keys.signing.versions: [2,1] is not allowed; use a new number in the place of 1, ' +
      'which left the list and would be another key',
  ]);
});

it('a signing version stays the kind of key that it was made as; a new one may be another', () => {
  expect(faults(keys([1], [1]), keys([1], [1], [1]))).toEqual([
    'keys.signing.rsa2048: [1] is not allowed; use what version 1 was made with, or a new version: the key would be another',
  ]);
  expect(faults(keys([1], [1]), keys([1], [1, 2], [2]), keys([1], [2], [2]))).toEqual([]);
});

it('a refusal leaves the lock as it was', () => {
  const file = newStage();
  holdKeyVersions(file, keys([1, 2]));
  const before = readFileSync(lockOf(file), 'utf8');
  expect(() => holdKeyVersions(file, keys([3]))).toThrow(ConfigurationError);
  expect(readFileSync(lockOf(file), 'utf8')).toBe(before);
});

it('a lock that is no JSON is refused by its name', () => {
  const file = newStage();
  writeFileSync(lockOf(file), '<<<<<<< HEAD');
  expect(() => holdKeyVersions(file, keys([1]))).toThrow(/trial\.keys\.json is not valid/);
});

it('the lock of production is the one of its file', () => {
  expect(holdKeyVersions(stageFile('production'), loadStage('production').keys)).toBeUndefined();
});
