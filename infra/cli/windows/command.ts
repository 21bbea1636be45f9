/** `windows`: the keys by which groups of PCs ask for codes at their logon screens. */
import { Command, Option } from 'commander';
import { modes } from '../../../shared/domain/policy/policy.ts';
import type { WindowsGroup } from '../../../shared/domain/policy/windows-group.ts';
import { withExamples } from '../examples.ts';
import { fromHere } from '../from-here.ts';
import { once } from '../once.ts';
import type { Place } from '../policy/wish.ts';
import { print } from '../report.ts';
import { addKey, retireKey } from './groups.ts';

export const windowsCommand = (): Command =>
  new Command('windows')
    .description('Makes and ends the deployment keys of groups of PCs.')
    .usage('<command> [options]')
    .helpCommand(false)
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addCommand(addCommand())
    .addCommand(retireCommand());

function addCommand(): Command {
  const add = new Command('add')
    .description('Makes a key for a new group, or a second one for a group whose key is to be replaced.')
    .argument('<name>', 'of the group: lower-case letters, digits and hyphens')
    .addOption(new Option('--mode <MODE>', 'of a new group').choices([...modes]))
    .addOption(once('--stages <PATH>', 'folder of the stage files (default infra/stages)'))
    .configureHelp({ showGlobalOptions: true })
    .action((name: string, { mode }: { mode?: WindowsGroup['mode'] }, command: Command) => {
      print(command, addKey(name, mode, placeOf(command)));
    });
  return withExamples(add, 'windows add head-office --mode Hybrid --stage production');
}

function retireCommand(): Command {
  const retire = new Command('retire')
    .description('Ends the older of two keys, once every PC of the group has the newer one.')
    .argument('<name>', 'of the group')
    .addOption(once('--stages <PATH>', 'folder of the stage files (default infra/stages)'))
    .configureHelp({ showGlobalOptions: true })
    .action((name: string, _: object, command: Command) => {
      print(command, retireKey(name, placeOf(command)));
    });
  return withExamples(retire, 'windows retire head-office --stage production');
}

/** As of the policy's commands, `production` where nothing is said. */
function placeOf(command: Command): Place {
  const { stage = 'production', stages } = command.optsWithGlobals<{ stage?: string; stages?: string }>();
  return { stage, folder: stages === undefined ? undefined : fromHere(stages) };
}
