/** `windows`: the keys by which groups of PCs ask for codes at their logon screens. */
import { Command, Option } from 'commander';
import { modes } from '../../../shared/domain/policy/policy.ts';
import type { WindowsGroup } from '../../../shared/domain/policy/windows-group.ts';
import { withExamples } from '../examples.ts';
import { group } from '../group.ts';
import { print } from '../report.ts';
import { placeOf, stagesOption } from '../stage-file.ts';
import { addKey, retireKey } from './groups.ts';

export const windowsCommand = (): Command =>
  group('windows', 'Makes and ends the deployment keys of groups of PCs.', [addCommand(), retireCommand()]);

function addCommand(): Command {
  const add = new Command('add')
    .description('Makes a key for a new group, or a second one for a group whose key is to be replaced.')
    .argument('<name>', 'of the group: lower-case letters, digits and hyphens')
    .addOption(new Option('--mode <MODE>', 'of a new group').choices([...modes]))
    .addOption(stagesOption())
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
    .addOption(stagesOption())
    .configureHelp({ showGlobalOptions: true })
    .action((name: string, _: object, command: Command) => {
      print(command, retireKey(name, placeOf(command)));
    });
  return withExamples(retire, 'windows retire head-office --stage production');
}
