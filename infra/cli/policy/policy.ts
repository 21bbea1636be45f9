/** `npm run policy`: reads and changes the policy in a stage's file, and says how it is deployed. */
import { ConfigurationError } from '../../configuration/problems.ts';
import { loadStage } from '../../configuration/stage.ts';
import { type Place, readArguments, UsageError } from './arguments.ts';
import { change } from './change.ts';
import { refuseKeptByNpm } from './kept-by-npm.ts';
import { everyField, explained, stated } from './reading.ts';
import { settings } from './settings.ts';

function main(args: readonly string[]): string {
  refuseKeptByNpm(process.env);
  const wish = readArguments(args);
  switch (wish.kind) {
    case 'help':
      return wish.text;
    case 'overview': {
      const policy = policyAt(wish.place);
      return settings.map((setting) => `${setting.command}: ${stated(setting, policy)}`).join('\n');
    }
    case 'show':
      return everyField(policyAt(wish.place)).join('\n');
    case 'get':
      return stated(wish.setting, policyAt(wish.place));
    case 'explain':
      return explained(wish.setting, policyAt(wish.place));
    case 'change':
      return change(wish.changes, wish.place);
  }
}

const policyAt = ({ stage, folder }: Place) => loadStage(stage, { folder }).policy;

try {
  console.log(main(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UsageError || error instanceof ConfigurationError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
