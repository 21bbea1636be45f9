/** The policy's commands where they are mounted under a larger command line. */
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { policyCommand } from '../../../../infra/cli/policy/command.ts';
import { settings } from '../../../../infra/cli/policy/settings.ts';
import type { Wish } from '../../../../infra/cli/policy/wish.ts';
import { throwing } from '../../../../infra/cli/run.ts';

/** What is asked of the policy under a larger command line, and what is printed. */
function mounted(...args: string[]): { wish: Wish | undefined; printed: string } {
  let wish: Wish | undefined;
  let printed = '';
  const policy = policyCommand((asked) => {
    wish = asked;
  });
  const program = new Command('npm run mfa --').option('--stage <NAME>').option('--json').addCommand(policy);
  const print = (text: string) => {
    printed += text;
  };
  throwing(program, { writeOut: print, writeErr: print }).parse(args, { from: 'user' });
  return { wish, printed };
}

const [mode] = settings;

describe('the policy under a larger command line', () => {
  it.each([
    ['before the command', ['--json', '--stage', 'trial', 'policy', 'mode', '-g']],
    ['after it', ['policy', 'mode', '-g', '--stage', 'trial', '--json']],
    ['between', ['policy', '--stage', 'trial', 'mode', '--json', '--get']],
  ])('hears options of the whole line %s', (_, args) => {
    expect(mounted(...args).wish).toEqual({ kind: 'get', setting: mode, place: { stage: 'trial' } });
  });

  it('hears its own', () => {
    const { wish } = mounted('policy', 'users-select', '--stages', '/srv', '-s', 'on');
    const changes = [{ field: ['forgotPhone', 'usersSelect'], value: true }];
    expect(wish).toEqual({ kind: 'change', changes, place: { stage: 'production', folder: '/srv' } });
  });

  it('is called in its help and its refusals as it is there', () => {
    expect(mounted('policy', 'help').printed).toContain('Usage: npm run mfa -- policy <command>');
    expect(mounted('policy', 'help', 'mode').printed).toContain('  npm run -s mfa -- policy mode -g\n');
    expect(() => mounted('policy', 'mode', 'MFA')).toThrow('as in npm run mfa -- policy mode -s MFA');
  });
});
