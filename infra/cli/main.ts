/** `npm run mfa`: every command of administrators, help desks and testers. */
import { mfaProgram } from './program.ts';
import { run } from './run.ts';

await run(mfaProgram('npm run mfa --'), process.argv.slice(2));
