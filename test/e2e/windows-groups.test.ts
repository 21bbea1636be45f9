/** Groups of PCs with keys and modes of their own, and questions that a code to the alternate email follows. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stack, startStack } from '../stack.ts';
import { lineOf, logonScreen, post, transcript, windowsUrl } from './logon-screens.ts';
import { codeSentTo, messagesTo, wrong } from './people.ts';
import { enrolRecovering, rightAnswers } from './recovering.ts';

const digest = (key: string) => createHash('sha256').update(key).digest('hex');

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    policy: {
      mfaMethod: 'SMS',
      forgotPhone: { enabled: true, method: 'kba+otp-alternate-email' },
      securityCodes: 'none',
    },
    stage: {
      windows: {
        groups: [
          { name: 'domain', mode: 'Hybrid', keys: [digest('new'), digest('old')] },
          { name: 'entra', mode: 'MFA', keys: [digest('entra')] },
          { name: 'admins', mode: 'DirectFidoAuth', keys: [digest('admins')] },
        ],
      },
    },
  });
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

test('questions, then the code that went to the alternate email, sign in', async () => {
  const person = await enrolRecovering(stack);
  const screen = logonScreen(stack, { key: 'entra' });
  const past = async (line = ''): Promise<string> => {
    let shown = line;
    while (shown.includes('One moment')) shown = lineOf(await screen.type(''));
    return shown;
  };
  const answerTo = (line: string) =>
    rightAnswers[
      line.includes('teacher') ? 'first-teacher' : line.includes('street') ? 'childhood-street' : 'first-film'
    ] ?? '';
  let line = await past((await transcript(screen, person.userId, 'questions')).at(-1));
  for (let place = 1; place <= 3; place += 1) {
    expect(line).toContain(`Question ${place} of 3`);
    line = await past(lineOf(await screen.type(answerTo(line))));
  }
  expect(line).toBe('> Please enter the code sent to s•••@alternate.example. Or type: again');
  const code = await codeSentTo(stack, person.alternateEmail);
  expect(lineOf(await screen.type('hello'))).toBe('! Type the code from the message, or a word: again');
  expect(lineOf(await screen.type('again'))).toMatch(/^! No new message yet/);
  expect(lineOf(await screen.type(wrong(code)))).toBe('! Wrong code. Attempts left: 4');
  expect(await past(lineOf(await screen.type(code)))).toBe('password');
  expect(await past(lineOf(await screen.type(code)))).not.toBe('password');
});
