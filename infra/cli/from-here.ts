/** Paths as they are typed: npm changes the folder before it runs a script. */
import { resolve } from 'node:path';

export const fromHere = (path: string): string =>
  resolve(process.env['npm_lifecycle_event'] === 'mfa' ? (process.env['INIT_CWD'] ?? '.') : '.', path);
