/** The folder of the local stack’s state. It is made and tried first, before anything takes time. */
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { prepareData, UnusableDirectoryError } from './aws/index.ts';

/** Of the AWS services, inside the folder. */
export const awsFolder = 'aws';

/** @throws {UnusableDirectoryError} */
export async function prepareDataDirectory(directory: string): Promise<void> {
  const path = resolve(directory);
  attempt(path, 'cannot be made', () => make(path));
  if (!statSync(path).isDirectory()) throw new UnusableDirectoryError(`${path} is a file, not a folder`);
  attempt(path, 'cannot be written to', () => rmdirSync(mkdtempSync(join(path, '.try-'))));
  await prepareData(join(path, awsFolder));
}

/** Level by level: Node's own `recursive` tries for ever where a parent cannot be made, as below /proc. */
function make(path: string): void {
  if (existsSync(path)) return;
  make(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

function attempt(path: string, failure: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UnusableDirectoryError(`${path} ${failure} (${code})`, { cause: error });
  }
}
