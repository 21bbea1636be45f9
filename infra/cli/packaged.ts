/** `npx mfa-fallback`: the commands of `npm run mfa` for whoever has the package and no checkout. */
import { mfaProgram } from './program.ts';
import { run } from './run.ts';

await run(mfaProgram('npx mfa-fallback'), process.argv.slice(2));
