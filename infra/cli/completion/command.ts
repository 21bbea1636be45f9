/** `completion SHELL`: prints the script that completes the command `mfa` in a shell. */
import { Argument, Command } from 'commander';
import { UsageError } from '../usage-error.ts';
import { scripts } from './scripts.ts';

export function completionCommand(): Command {
  return new Command('completion')
    .description('Teaches bash or PowerShell the command `mfa`, which completes its words with Tab.')
    .addArgument(new Argument('<shell>', 'whose').choices(Object.keys(scripts)))
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', () =>
      [
        '\nIn bash, for this session or in ~/.bashrc:',
        '  eval "$(npm run -s mfa -- completion bash)"',
        'In PowerShell, or in its $PROFILE:',
        '  npm run -s mfa -- completion powershell | Out-String | Invoke-Expression',
      ].join('\n'),
    )
    .action((shell: keyof typeof scripts) => {
      const [, program] = process.argv;
      if (program === undefined) throw new UsageError('it is not known where this program is');
      console.log(scripts[shell](process.execPath, program));
    });
}
