/** Groups of PCs with keys and modes of their own, and questions that a code to the alternate email follows. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { borrowStack, type Stack } from '../stack.ts';
import { lineOf, logonScreen, post, transcript, windowsUrl } from './logon-screens.ts';
import { afterWaiting, walk, waysUnder } from './logon-steps.ts';
import { codeSentTo, messagesTo, wrong } from './people.ts';
import { enrolRecovering, rightAnswers } from './recovering.ts';
import { narrow } from './variants.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await borrowStack(narrow);
});
afterAll(() => stack.stop());

const menu = '> Type a word or its number: 1 sms, 2 questions';

test('what policy rules out is no choice, and numbers go by what is left', async () => {
  const { userId } = await enrolRecovering(stack);
  const unclear = `> That is none of the choices. ${menu.slice(2)}`;
  expect(
    await transcript(logonScreen(stack, { key: 'entra' }), userId, 'email', 'call', 'backup', '3'),
  ).toEqual([menu, ...Array(4).fill(unclear)]);
});

test('both keys of a group open one dialogue, and another group’s key does not', async () => {
  const { userId, phone } = await enrolRecovering(stack);
  const screen = logonScreen(stack, { key: 'old' });
  await transcript(screen, userId, 'sms');
  const code = await codeSentTo(stack, phone);
  const body = `pass=${code}&transaction_id=${screen.transactionId}&user=${userId}`;
  expect((await post(windowsUrl(stack, 'entra'), body)).response.authentication).toBe('CHALLENGE');
  expect((await post(windowsUrl(stack, 'local'), body)).status).toBe(404);
  expect((await post(windowsUrl(stack, 'new'), body)).response.authentication).toBe('ACCEPT');
});

test('where the key alone signs in, nothing is offered, sent or accepted', async () => {
  const { userId, phone } = await enrolRecovering(stack);
  const screen = logonScreen(stack, { key: 'admins' });
  expect(lineOf(await screen.begin(userId))).toBe('> Please enter your second factor!');
  for (const typed of ['sms', '1', '123456', 'questions'])
    expect(lineOf(await screen.type(typed))).toBe('! Sign in with your security key');
  expect(await messagesTo(stack, phone)).toBe(0);
});

const idIn = (line: string) =>
  line.includes('teacher') ? 'first-teacher' : line.includes('street') ? 'childhood-street' : 'first-film';

test.each(waysUnder('Step by step, with a code after the questions'))(
  '%s, sign in once',
  async (_, steps) => {
    const person = await enrolRecovering(stack);
    const screen = logonScreen(stack, { key: 'entra' });
    const code = () => codeSentTo(stack, person.alternateEmail);
    const secrets = {
      'the answer': async (line: string) => rightAnswers[idIn(line)] ?? '',
      'the code': code,
      'a wrong code': async () => wrong(await code()),
    };
    expect(await walk(stack, screen, person.userId, steps, secrets)).toEqual(steps);
    expect(lineOf(await screen.type(await code()))).not.toBe('password');
  },
);

test('a word that is no code costs no attempt at the code after the questions', async () => {
  const person = await enrolRecovering(stack);
  const screen = logonScreen(stack, { key: 'entra' });
  let line = await afterWaiting(screen, (await transcript(screen, person.userId, 'questions')).at(-1) ?? '');
  for (let place = 1; place <= 3; place += 1)
    line = await afterWaiting(screen, lineOf(await screen.type(rightAnswers[idIn(line)] ?? '')));
  const code = await codeSentTo(stack, person.alternateEmail);
  for (const typed of ['hello', '12', 'sms'])
    expect(lineOf(await screen.type(typed))).not.toMatch(/Attempts left|password/);
  expect(lineOf(await screen.type(wrong(code)))).toBe('! Wrong code. Attempts left: 4');
  expect(await afterWaiting(screen, lineOf(await screen.type(code)))).toBe('password');
});

test('while the workflow is on its way, what was answered is not asked again, and a text is taken for Enter', async () => {
  const person = await enrolRecovering(stack);
  const screen = logonScreen(stack, { key: 'entra' });
  let line = await afterWaiting(screen, (await transcript(screen, person.userId, 'questions')).at(-1) ?? '');
  await stack.fault('sqs', 'error', 10_000); // the next step’s code cannot leave, so that the workflow tries again
  for (let place = 1; place <= 3; place += 1)
    line = lineOf(await screen.type(rightAnswers[idIn(line)] ?? ''));
  for (const typed of ['', 'a text', '']) {
    expect(line).toBe('> One moment. Press Enter to go on');
    line = lineOf(await screen.type(typed));
  }
  await stack.fault('sqs', 'error', 0);
  const code = codeSentTo(stack, person.alternateEmail);
  line = await afterWaiting(screen, line);
  expect(line).toMatch(/^> Please enter the code sent to s•••@alternate\.example/);
  expect(await afterWaiting(screen, lineOf(await screen.type(await code)))).toBe('password');
});
