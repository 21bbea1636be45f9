/** The functions' bundles as the package brings them. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { CodeOf } from './own-parts.ts';

/** Beside the built construct; in a checkout nothing is there, and the app bundles for itself. */
const folder = new URL('../functions/', import.meta.url);

/** @throws when there is no such bundle. */
export const packagedCode: CodeOf = (name) => {
  const bundle = fileURLToPath(new URL(name, folder));
  if (!existsSync(bundle)) throw new Error(`there is no bundle of ${name} in ${fileURLToPath(folder)}`);
  return Code.fromAsset(bundle);
};
