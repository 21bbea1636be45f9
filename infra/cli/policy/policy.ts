/** `npm run policy`: reads and changes the policy in a stage's file, and says how it is deployed. */
import { run } from '../run.ts';
import { policyCommand } from './command.ts';

const program = policyCommand()
  .name('npm run policy --')
  .option('--json', 'print one JSON value, for programs');
await run(program, process.argv.slice(2));
