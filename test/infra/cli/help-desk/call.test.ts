/** A call at the help desk by the command line, against a started stack: the honest caller has a code by two commands. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../../documents/pages.ts';
import { caller, codeSentTo, wrong } from '../../../e2e/people.ts';
import { enrolRecovering } from '../../../e2e/recovering.ts';
import { borrowStack, type Stack } from '../../../stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await borrowStack();
});
afterAll(() => stack.stop());

interface Typed {
  readonly args: readonly string[];
  /** What is typed, once the program asks. */
  readonly lines?: () => Promise<readonly string[]>;
}

async function mfa({ args, lines }: Typed) {
  const child = spawn(process.execPath, [join(root, 'infra/cli/main.ts'), ...args, '--api', stack.origin], {
    env: { ...process.env, MFA_CLIENT_ID: '' },
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    out += piece;
  });
  const asked = new Promise<void>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (piece: string) => {
      err += piece;
      if (err.includes('reads out: ')) resolve();
    });
    child.on('close', () => resolve());
  });
  await asked;
  if (lines) child.stdin.write(`${(await lines()).join('\n')}\n`);
  child.stdin.end();
  const code = await (child.exitCode ?? new Promise((resolve) => child.on('close', resolve)));
  return { out, err, code };
}

test('verify-caller asks for the code, forgives a slip, and code makes a backup code with the proof', async () => {
  const { userId, alternateEmail } = await enrolRecovering(stack);
  const who = ['--operator', 'bob', '--ticket', '4711'];
  const verified = await mfa({
    args: ['help-desk', 'verify-caller', userId, ...who, '--json'],
    lines: async () => {
      const code = await codeSentTo(stack, alternateEmail);
      return ['not a code', wrong(code), code];
    },
  });
  expect(verified.code).toBe(0);
  expect(verified.err).toContain('Wrong code. Attempts left: 2');
  const { proof, destination } = JSON.parse(verified.out);
  expect(destination).toMatch(/^s•••@/);
  const acting = [...who, '--reason', 'phone lost', '--proof', proof];
  const made = await mfa({ args: ['help-desk', 'code', userId, ...acting, '--json'] });
  expect(made).toMatchObject({ code: 0, err: '' });
  const { codes } = JSON.parse(made.out);
  const api = caller(stack);
  const used = await api.call('POST', '/v1/backup-codes/verify', { userId, code: codes[0] });
  expect(used.status).toBe(200);
  const twice = await mfa({ args: ['help-desk', 'code', userId, ...acting, '--proof', proof] });
  expect(twice).toMatchObject({ code: 2, out: '' });
  expect(twice.err).toContain('It is given twice');
});
