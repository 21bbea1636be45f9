/** Replaces a file in one step: whoever reads it meanwhile, or after a crash, finds the old text or the new one. */
import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

/** Keeps the file's permissions, and a link to it a link. */
export function replaceFile(path: string, text: string): void {
  const file = realpathSync(path); // renaming onto a link would put a file in its place
  const fresh = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(fresh, text, { mode: statSync(file).mode & 0o777, flush: true });
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}
