/** The policy's commands: a program of its own, or mounted under a larger one. */
import { Command } from 'commander';
import { callForScripts, callOf } from '../call.ts';
import { once } from '../once.ts';
import { print } from '../report.ts';
import { placeOf, stagesOption } from '../stage-file.ts';
import { UsageError } from '../usage-error.ts';
import { withChanges } from './options.ts';
import { perform } from './perform.ts';
import { type Setting, settings } from './settings.ts';
import { type Given, type Wish, wishOf } from './wish.ts';
import { refuseMore, unknownWord } from './words.ts';

type Follow = (wish: Wish, command: Command) => void;

/** @param follow does what is asked; tests look at it instead. */
export function policyCommand(follow: Follow = (wish, command) => print(command, perform(wish))): Command {
  const policy = new AnyCase('policy')
    .usage('<command> [-g | -s VALUE] [--stage NAME]')
    .description(
      'Reads and changes the policy of a stage. Nothing is deployed by it.\n' +
        'A command without -s prints the current value and what is allowed.',
    )
    .addOption(once('--stage <NAME>', 'the stage whose file is meant (default production)'))
    .addOption(stagesOption())
    .helpOption('-h, --help', 'this text, or with a command what it takes')
    .helpCommand(false)
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addHelpText('after', ({ command }) => {
      const example = `${callOf(command)} mfa-method -s SMS`;
      return `\nExample: ${example}\nScripts: ${callForScripts(command)} mfa-method -g`;
    });
  for (const setting of settings) policy.addCommand(settingCommand(setting, follow));
  return policy
    .addCommand(showCommand(follow))
    .addCommand(helpCommand(policy))
    .addCommand(overviewCommand(follow), { isDefault: true, hidden: true });
}

/** Takes its commands in any case, as they take their values; mounted, it is handed them by another program. */
class AnyCase extends Command {
  override parseOptions(args: string[]) {
    const parsed = super.parseOptions(args);
    const [word = '', ...more] = parsed.operands;
    const named = commandOf(this, word);
    return named === undefined ? parsed : { ...parsed, operands: [named.name(), ...more] };
  }
}

const commandOf = (policy: Command, word: string) =>
  policy.commands.find((command) => command.name() === word.toLowerCase());

function settingCommand(setting: Setting, follow: Follow): Command {
  const toggles = setting.toggle === undefined ? '' : ' [--enable | --disable]';
  return withChanges(leaf(setting.command, setting.about), setting)
    .usage(`[-g] [-s ${setting.values.join('|')}]${toggles}`)
    .addHelpText('after', ({ command }) => `\nScripts:\n  ${callForScripts(command)} -g`)
    .action((given: Given, command: Command) => {
      refuseMore(command.args, callOf(command), setting);
      follow(wishOf(setting, given, placeOf(command)), command);
    });
}

function showCommand(follow: Follow): Command {
  return leaf('show', 'Every field of the policy, defaults included.').action((_, command: Command) => {
    refuseMore(command.args, callOf(command));
    follow({ kind: 'show', place: placeOf(command) }, command);
  });
}

function helpCommand(policy: Command): Command {
  return leaf('help', 'What a command takes.').action((_, command: Command) => {
    const [word] = command.args;
    const named = word === undefined ? policy : commandOf(policy, word);
    if (word !== undefined && named === undefined) throw unknownWord(word, placeOf(command));
    named?.outputHelp();
  });
}

/** What runs without a command, and with a word that is none. */
function overviewCommand(follow: Follow): Command {
  return withChanges(leaf('overview', 'Every setting.')).action((given: Given, command: Command) => {
    const place = placeOf(command);
    const [word] = command.args;
    if (word !== undefined) throw unknownWord(word, place);
    if ([given.set, given.enable, given.disable].some((value) => value !== undefined)) {
      throw new UsageError(`say what to set: ${settings.map((one) => one.command).join(', ')}`);
    }
    follow({ kind: 'overview', place }, command);
  });
}

const leaf = (name: string, about: string): Command =>
  new Command(name)
    .description(about)
    .helpOption('-h, --help', 'this text')
    .configureHelp({ showGlobalOptions: true })
    .allowExcessArguments();
