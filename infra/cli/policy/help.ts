/** The texts of `--help`. */
import { type Setting, settings } from './settings.ts';

export const call = 'npm run policy --';
/** Without what npm prints before the value. */
const callForScripts = 'npm run -s policy --';

export function generalHelp(): string {
  const width = Math.max(...settings.map(({ command }) => command.length));
  return [
    'Reads and changes the policy of a stage. Nothing is deployed by it.',
    'A command without -s prints the current value and what is allowed.',
    '',
    `Usage: ${call} <command> [-g | -s VALUE] [--stage NAME]`,
    '',
    'Commands:',
    ...settings.map(({ command, about }) => `  ${command.padEnd(width)}  ${about}`),
    `  ${'show'.padEnd(width)}  Every field of the policy, defaults included.`,
    '',
    'Options:',
    '  -g, --get          print the current value alone, for scripts',
    '  -s, --set VALUE    change it; upper and lower case do not matter',
    '      --stage NAME   the stage whose file is meant (default production)',
    '      --stages PATH  folder of the stage files (default infra/stages)',
    '  -h, --help         this text, or with a command what it takes',
    '',
    `Example: ${call} mfa-method -s SMS`,
    `Scripts: ${callForScripts} mfa-method -g`,
  ].join('\n');
}

export function commandHelp({ command, values, about, toggle }: Setting): string {
  const usage = (rest: string, start = call) => `  ${start} ${command} ${rest}`;
  return [
    about,
    '',
    'Usage:',
    usage('-g', callForScripts),
    usage(`-s ${values.join('|')}`),
    ...(toggle === undefined ? [] : [usage('--enable'), usage('--disable')]),
  ].join('\n');
}
