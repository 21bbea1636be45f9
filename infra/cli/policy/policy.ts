/** `npm run policy`: reads and changes the policy in a stage's file, and says how it is deployed. */
import { run } from '../run.ts';
import { policyProgram } from './program.ts';

await run(policyProgram(), process.argv.slice(2));
