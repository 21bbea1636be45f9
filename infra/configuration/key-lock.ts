/**
 * The key versions that a stage has had, in a file beside it: a number that left the list never comes back.
 *
 * The stack finds a key by its version. A number that is taken out and put in again would be a new key under an old
 * name: contact data under it could not be decrypted, and verifiers would know its `kid` for another key.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { readJson } from './json-file.ts';
import { ConfigurationError, type ConfigurationProblem, refusal } from './problems.ts';
import type { StageConfiguration } from './schema.ts';

/** Those of states are not held: what is under them lives for minutes, and then no instance asks for it. */
type KeySettings = Pick<StageConfiguration['keys'], 'pepper' | 'signing'>;

interface KeyLock {
  /** Every one ever, since none may leave. */
  readonly pepper: readonly number[];
  readonly signing: {
    readonly inUse: readonly number[];
    readonly left: readonly number[];
    /** Those of the ones in use. */
    readonly rsa2048: readonly number[];
  };
}

/**
 * Checks the stage's versions against the file, and adds to the file what is new.
 *
 * @param file of the stage, beside which the lock is kept.
 * @returns the lock's path where it was written and is to be committed.
 * @throws ConfigurationError when a version that was there before is missing, back or another kind of key.
 */
export function holdKeyVersions(file: string, keys: KeySettings): string | undefined {
  const path = file.replace(/\.json$/, '.keys.json');
  const lock = existsSync(path) ? (readJson(path) as KeyLock) : undefined;
  const problems = lock === undefined ? [] : lockProblems(keys, lock);
  if (problems.length > 0) {
    const message = `it holds what was synthesized before; change it by hand only for a version that was never deployed`;
    throw new ConfigurationError(file, [...problems, { field: path, message }]);
  }
  const next = nextLock(keys, lock);
  if (JSON.stringify(next) === JSON.stringify(lock)) return undefined;
  writeFileSync(path, textOf(next));
  return path;
}

function lockProblems({ pepper, signing }: KeySettings, lock: KeyLock): ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  if (!lock.pepper.every((version) => pepper.versions.includes(version))) {
    const allowed = `a list with every version there was, ${lock.pepper.join(', ')}: data under them could not be read`;
    problems.push({ field: 'keys.pepper.versions', message: refusal(pepper.versions, allowed) });
  }
  const back = signing.versions.filter((version) => lock.signing.left.includes(version));
  if (back.length > 0) {
    const allowed = `a new number in the place of ${back.join(', ')}, which left the list and would be another key`;
    problems.push({ field: 'keys.signing.versions', message: refusal(signing.versions, allowed) });
  }
  const given = signing.rsa2048 ?? [];
  const changed = signing.versions.filter(
    (version) =>
      lock.signing.inUse.includes(version) &&
      lock.signing.rsa2048.includes(version) !== given.includes(version),
  );
  if (changed.length > 0) {
    const allowed = `what version ${changed.join(', ')} was made with, or a new version: the key would be another`;
    problems.push({ field: 'keys.signing.rsa2048', message: refusal(given, allowed) });
  }
  return problems;
}

function nextLock({ pepper, signing }: KeySettings, lock: KeyLock | undefined): KeyLock {
  const { inUse = [], left = [] } = lock?.signing ?? {};
  const gone = inUse.filter((version) => !signing.versions.includes(version));
  return {
    pepper: inOrder([...(lock?.pepper ?? []), ...pepper.versions]),
    signing: {
      inUse: inOrder(signing.versions),
      left: inOrder([...left, ...gone]),
      rsa2048: inOrder(signing.rsa2048 ?? []),
    },
  };
}

const inOrder = (versions: readonly number[]): number[] =>
  [...new Set(versions)].toSorted((one, other) => one - other);

function textOf({ pepper, signing }: KeyLock): string {
  const list = (versions: readonly number[]) => `[${versions.join(', ')}]`;
  return `{
  "pepper": ${list(pepper)},
  "signing": { "inUse": ${list(signing.inUse)}, "left": ${list(signing.left)}, "rsa2048": ${list(signing.rsa2048)} }
}
`;
}
