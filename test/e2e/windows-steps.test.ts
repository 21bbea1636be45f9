/** Each way in through the logon screen, step by step as docs/windows.md has it, with what it asks of the table. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProvider, type Provider } from '../../infra/cli/windows/provider/provider.ts';
import { borrowStack, type Stack } from '../stack.ts';
import { ownName } from '../support/own-name.ts';
import { lineOf, logonScreen, windowsUrl } from './logon-screens.ts';
import { type Secrets, walk, waysUnder } from './logon-steps.ts';
import { codeSentTo, messagesTo, wrong } from './people.ts';
import { enrolRecovering, recoverer, rightAnswers } from './recovering.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await borrowStack();
});
afterAll(() => stack.stop());

const page = readFileSync(new URL('../../docs/windows.md', import.meta.url), 'utf8');

const idIn = (line: string) =>
  line.includes('teacher') ? 'first-teacher' : line.includes('street') ? 'childhood-street' : 'first-film';

test.each(waysUnder('Step by step'))(
  '%s',
  async (_, steps) => {
    const person = await enrolRecovering(stack);
    const { phone, email, userId } = person;
    const newest = async (line: string) => {
      const to = line.includes('@') ? email : phone;
      await stack.quiet();
      return codeSentTo(stack, to, Math.max(1, await messagesTo(stack, to)));
    };
    const secrets: Secrets = {
      'the code': newest,
      'a wrong code': async (line) => wrong(await newest(line)),
      'a backup code': async () => {
        const { body } = await recoverer(stack).generate(userId, { kind: 'static', count: 1 });
        return body.codes[0];
      },
      'the answer': async (line) => rightAnswers[idIn(line)] ?? '',
    };
    expect(await walk(stack, logonScreen(stack), userId, steps, secrets)).toEqual(steps);
  },
  60_000,
);

test('a name of nobody costs the same but for its delivery, as long as no code is right', async () => {
  const [, steps = []] = waysUnder('Step by step').find(([way]) => way === 'a code by SMS') ?? [];
  const [, delivery] = /Of a name of nobody that is ([^a-z]+reads, [^a-z]+writes), as/.exec(page) ?? [];
  const wrongOnes = steps
    .filter(({ typed }) => typed !== 'the code')
    .map(({ cost, ...step }) => ({ ...step, cost: cost.replace(/a message: .+/, `a message: ${delivery}`) }));
  const secrets = { 'a wrong code': async () => '000000' };
  expect(wrongOnes).toHaveLength(steps.length - 1);
  expect(await walk(stack, logonScreen(stack), ownName('nobody'), wrongOnes, secrets)).toEqual(wrongOnes);
});

describe('a PC that is set up wrongly shows what the page says:', () => {
  const typed = async (screen: Provider) => [
    lineOf(await screen.begin('alice')),
    lineOf(await screen.type('sms')),
  ];
  const own = 'Please enter your second factor!';

  test.each([
    [
      'a key that no group has',
      () => windowsUrl(stack, 'wrong'),
      'This computer is not set up for sign-in codes (404)',
    ],
    ['a path that is none', () => `${stack.origin}/windows`, 'Connection or configuration error!'],
    [
      'a host that does not answer',
      () => 'http://127.0.0.1:9/windows/local',
      'Connection or configuration error!',
    ],
  ])('%s', async (_, url, said) => {
    expect(await typed(createProvider({ url: url() }))).toEqual([`> ${own}`, `! ${said}`]);
    for (const line of [own, said]) expect(page).toContain(`\n| \`${line}\``);
  });

  test('a dependency that fails', async () => {
    await stack.quiet();
    await stack.fault('dynamodb', 'error', 100);
    const said = 'Something failed at our side, and nothing was accepted. Try again (503)';
    const lines = await typed(logonScreen(stack));
    await stack.clearFaults();
    expect(lines[1]).toBe(`! ${said}`);
    expect(page).toContain(`\n| \`${said}\` |`);
  });
});
