/** `npm run policy`: reads and changes the policy in a stage's file, and says how it is deployed. */
import { run } from '../run.ts';
import { policyCommand } from './command.ts';

await run(policyCommand().name('npm run policy --'), process.argv.slice(2));
