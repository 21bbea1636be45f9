/** What Tab offers at each place of a command line. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { candidates } from '../../../../infra/cli/completion/candidates.ts';
import { scripts } from '../../../../infra/cli/completion/scripts.ts';
import { mfaProgram } from '../../../../infra/cli/program.ts';

const program = mfaProgram('npm run mfa --');

describe('what Tab offers', () => {
  it.each([
    ['the commands', [''], ['policy', 'users', 'completion', 'help']],
    ['those that begin like the word', ['us'], ['users']],
    ['the commands below one', ['users', 'sh'], ['show']],
    ['the words of an argument', ['completion', ''], ['bash', 'powershell']],
    ['options of the command and of the whole line', ['users', 'show', 'alice', '--j'], ['--json']],
    ['nothing as the value of an option that takes any', ['--api', ''], []],
    ['what stands after an option with its value', ['--api', 'http://x', 'users', 'u'], ['unlock']],
    ['nothing for a word that begins none', ['zzz'], []],
  ])('is %s', (_, words, offered) => {
    const found = candidates(program, words);
    if (words.length === 1 && words[0] === '') expect(found).toEqual(expect.arrayContaining(offered));
    else if (offered.length === 0) expect(found).toEqual([]);
    else expect(found).toEqual(expect.arrayContaining(offered));
  });

  it('is never a command for machines', () => {
    expect(candidates(program, ['c'])).not.toContain('complete');
  });
});

it('bash completes after it was taught, whatever stands in the path', () => {
  const script = scripts.bash(
    process.execPath,
    new URL('../../../../infra/cli/main.ts', import.meta.url).pathname,
  );
  const line = 'COMP_WORDS=(mfa users sh); COMP_CWORD=2; _mfa; echo "${COMPREPLY[@]}"';
  const { stdout, stderr } = spawnSync('bash', ['-c', `${script}\n${line}`], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout.trim()).toBe('show');
  expect(scripts.bash("/o'brien/node", 'x')).toContain("'/o'\\''brien/node'");
});
