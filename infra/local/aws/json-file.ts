/** One JSON file that follows a value in memory: written whole, soon after a change, and never half. */
import { mkdirSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface JsonFile {
  /** The value of the last run; undefined when there is none. @throws when the file is damaged. */
  read(): unknown;
  /** Calls `snapshot` and writes its value within the next milliseconds. */
  changed(snapshot: () => unknown): void;
  /** Resolves when everything that changed is on disk. @throws when it cannot be written. */
  flush(): Promise<void>;
}

/** A burst of changes becomes one write. */
const delayMilliseconds = 50;

/** @param directory absent: nothing is kept. Files are readable by their owner only. */
export function createJsonFile(directory: string | undefined, name: string): JsonFile {
  if (directory === undefined) return { read: () => undefined, changed: () => {}, flush: async () => {} };
  const path = join(directory, name);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  let pending: (() => unknown) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<void> = Promise.resolve();

  const write = async (): Promise<void> => {
    if (pending === undefined) return;
    const snapshot = pending;
    pending = undefined;
    try {
      await writeFile(`${path}.new`, JSON.stringify(snapshot()), { mode: 0o600, flush: true });
      await rename(`${path}.new`, path);
    } catch (error) {
      pending ??= snapshot; // the next change or flush tries again
      throw error;
    }
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    last = last.catch(() => {}).then(write);
    return last;
  };

  return {
    read() {
      try {
        return JSON.parse(readFileSync(path, 'utf8'));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw new Error(`${path} cannot be read; remove it to start without what it held`, { cause: error });
      }
    },
    changed(snapshot) {
      pending = snapshot;
      timer ??= setTimeout(() => void flush().catch(() => {}), delayMilliseconds).unref();
    },
    flush,
  };
}
