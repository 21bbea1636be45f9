/** The door of logon screens: what the credential provider shows on each way in. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Provider } from '../../infra/cli/windows/provider/provider.ts';
import { borrowStack, type Stack } from '../stack.ts';
import { ownName } from '../support/own-name.ts';
import { lineOf, logonScreen, transcript } from './logon-screens.ts';
import { codeSentTo, enrol, messagesTo, wrong } from './people.ts';
import { enrolRecovering, recoverer, rightAnswers, wrongAnswers } from './recovering.ts';

let stack: Stack;
let api: ReturnType<typeof recoverer>;
beforeAll(async () => {
  stack = await borrowStack();
  api = recoverer(stack);
});
afterAll(() => stack.stop());

const choices = '1 sms, 2 email, 3 call, 4 backup, 5 questions';
const menu = `> Type a word or its number: ${choices}`;
const promptTo = (mask: string) => `> Please enter the code sent to ${mask}. Or type: again, ${choices}`;
const maskOf = (phone: string) => `•••• ••${phone.slice(-2)}`;
const mailMaskOf = (email: string) => `${email[0]}•••@${email.split('@')[1]}`;

describe('a code', () => {
  test.each(['sms', 'SMS', ' sms ', '1'])('by SMS, chosen with %j, signs in once', async (word) => {
    const { userId, phone } = await enrol(stack);
    const screen = logonScreen(stack);
    expect(await transcript(screen, userId, word)).toEqual([menu, promptTo(maskOf(phone))]);
    const code = await codeSentTo(stack, phone);
    expect(lineOf(await screen.type(wrong(code)))).toBe('! Wrong code. Attempts left: 4');
    expect(lineOf(await screen.type(code))).toBe('password');
    expect(lineOf(await screen.type(code))).toBe(`> That is over. Please choose again. ${menu.slice(2)}`);
  });

  test.each([
    ['email', '2'],
    ['call', '3'],
  ])('by %s signs in too', async (word, number) => {
    const { userId, phone, email } = await enrol(stack);
    const to = word === 'email' ? email : phone;
    const mask = word === 'email' ? mailMaskOf(email) : maskOf(phone);
    for (const typed of [word, number]) {
      const screen = logonScreen(stack);
      const sent = await messagesTo(stack, to);
      expect(await transcript(screen, userId, typed)).toEqual([menu, promptTo(mask)]);
      expect(lineOf(await screen.type(await codeSentTo(stack, to, sent + 1)))).toBe('password');
    }
  });

  test('may be typed as the message shows it, and a text that is none costs no attempt', async () => {
    const { userId, phone } = await enrol(stack);
    const screen = logonScreen(stack);
    await transcript(screen, userId, 'sms');
    const code = await codeSentTo(stack, phone);
    for (let times = 0; times < 6; times += 1)
      expect(lineOf(await screen.type('hello'))).toBe(
        `! Type the code from the message, or a word: again, ${choices}`,
      );
    expect(lineOf(await screen.type(code.slice(1)))).toBe('! The code has 6 digits');
    expect(lineOf(await screen.type(`${code.slice(0, 3)} ${code.slice(3)}`))).toBe('password');
  });

  test('follows a person who switches the method, and the old one is dead', async () => {
    const { userId, phone, email } = await enrol(stack);
    const screen = logonScreen(stack);
    await transcript(screen, userId, 'sms');
    const old = await codeSentTo(stack, phone);
    expect(lineOf(await screen.type('email'))).toMatch(
      /^! No new message yet\. Ask again in \d+ seconds\. A code that you have still works$/,
    );
    await stack.advance(30);
    expect(lineOf(await screen.type('email'))).toBe(promptTo(mailMaskOf(email)));
    const code = await codeSentTo(stack, email);
    expect(lineOf(await screen.type(old))).toBe('! Wrong code. Attempts left: 4');
    expect(lineOf(await screen.type(code))).toBe('password');
  });

  test('comes again to who asks for it by a word', async () => {
    const { userId, phone } = await enrol(stack);
    const screen = logonScreen(stack);
    await transcript(screen, userId, 'sms');
    await codeSentTo(stack, phone);
    await stack.advance(30);
    expect(lineOf(await screen.type('again'))).toBe(promptTo(maskOf(phone)));
    expect(lineOf(await screen.type(await codeSentTo(stack, phone, 2)))).toBe('password');
  });

  test('that had its five attempts is over, and another one can be chosen', async () => {
    const { userId, phone, email } = await enrol(stack);
    const screen = logonScreen(stack);
    await transcript(screen, userId, 'sms');
    const code = await codeSentTo(stack, phone);
    for (let left = 4; left > 0; left -= 1)
      expect(lineOf(await screen.type(wrong(code)))).toBe(`! Wrong code. Attempts left: ${left}`);
    expect(lineOf(await screen.type(wrong(code)))).toBe(`> Wrong code. Attempts left: 0. ${menu.slice(2)}`);
    expect(lineOf(await screen.type(code))).toBe(`> That is over. Please choose again. ${menu.slice(2)}`);
    await stack.advance(30);
    expect(lineOf(await screen.type('email'))).toBe(promptTo(mailMaskOf(email)));
    expect(lineOf(await screen.type(await codeSentTo(stack, email)))).toBe('password');
  });
});

describe('nothing is sent', () => {
  test('before somebody chose, whatever else was typed', async () => {
    const { userId, phone, email } = await enrol(stack);
    const screen = logonScreen(stack);
    const unclear = `> That is none of the choices. ${menu.slice(2)}`;
    expect(await transcript(screen, userId, '', '6', 'smss', '123456', '0', 'Correct Horse 1!')).toEqual([
      menu,
      menu,
      unclear,
      unclear,
      unclear,
      menu,
      unclear,
    ]);
    await stack.advance(1);
    expect(await messagesTo(stack, phone)).toBe(0);
    expect(await messagesTo(stack, email)).toBe(0);
  });

  test('by a new first step that still holds the transaction: what is due is shown', async () => {
    const { userId, phone } = await enrol(stack);
    const screen = logonScreen(stack);
    await transcript(screen, userId, 'sms');
    const code = await codeSentTo(stack, phone);
    await stack.advance(60);
    expect(lineOf(await screen.begin(userId))).toBe(promptTo(maskOf(phone)));
    expect(await messagesTo(stack, phone)).toBe(1);
    expect(lineOf(await screen.type(code))).toBe('password');
  });

  test('to who sends no first step and types a word at once, but once', async () => {
    const { userId, phone } = await enrol(stack);
    const screen = logonScreen(stack, { sendEmptyPassword: false });
    expect(lineOf(await screen.begin(userId))).toBe('> Please enter your second factor!');
    expect(lineOf(await screen.type('sms'))).toBe(promptTo(maskOf(phone)));
    expect(lineOf(await screen.type(await codeSentTo(stack, phone)))).toBe('password');
    expect(await messagesTo(stack, phone)).toBe(1);
  });
});

describe('a backup code', () => {
  test('signs in once', async () => {
    const person = await enrol(stack);
    const { body } = await api.generate(person.userId, { kind: 'static' });
    const [code = '', next = ''] = body.codes as string[];
    const screen = logonScreen(stack);
    const ask = `> Type one of your backup codes. Or type: ${choices}`;
    expect(await transcript(screen, person.userId, 'backup', 'too short')).toEqual([
      menu,
      ask,
      '! A backup code has 16 letters and digits',
    ]);
    expect(lineOf(await screen.type(code.toLowerCase()))).toBe('password');
    expect(lineOf(await screen.type(code))).toMatch(/^! Wrong code\. Attempts left: \d/);
    expect(lineOf(await screen.type(next))).toBe('password');
  });
});

describe('questions', () => {
  const questionIn = (line: string) => /^[>!] .*Question (\d) of 3: (.*) \(0 = back\)$/.exec(line) ?? [];
  const answerTo = async (line: string, given: Readonly<Record<string, string>>): Promise<string> => {
    const [, , text = ''] = questionIn(line);
    const ids = {
      'What was the family name': 'first-teacher',
      'What was the name of the street': 'childhood-street',
    };
    const id = Object.entries(ids).find(([start]) => text.startsWith(start))?.[1] ?? 'first-film';
    return given[id] ?? '';
  };

  /** What comes once the workflow has opened the step. */
  const past = async (screen: Provider, line = ''): Promise<string> => {
    let shown = line;
    while (shown.includes('One moment')) shown = lineOf(await screen.type(''));
    return shown;
  };

  test('are put one by one and judged together, and every address is told', async () => {
    const person = await enrolRecovering(stack);
    const screen = logonScreen(stack);
    let line = await past(screen, (await transcript(screen, person.userId, 'questions')).at(-1));
    for (const [place, given] of [wrongAnswers, rightAnswers, wrongAnswers].entries()) {
      expect(questionIn(line)[1]).toBe(String(place + 1));
      line = lineOf(await screen.type(await answerTo(line, given)));
    }
    expect(line).toMatch(/^> Not all answers are right\. Attempts left: 2\. Question 1 of 3: /);
    for (let place = 1; place <= 3; place += 1) {
      expect(questionIn(line)[1]).toBe(String(place));
      line = lineOf(await screen.type(await answerTo(line, rightAnswers)));
    }
    expect(await past(screen, line)).toBe('password');
    expect(lineOf(await screen.type(''))).toBe(menu);
    await stack.received(person.alternateEmail);
    expect(await messagesTo(stack, person.email)).toBe(1);
  });

  test('take three steps whatever is right, of a name that does not exist as well', async () => {
    const person = await enrolRecovering(stack);
    const shapes = [];
    for (const [name, given] of [
      [person.userId, rightAnswers],
      [person.userId, wrongAnswers],
      [ownName('nobody'), wrongAnswers],
    ] as const) {
      const screen = logonScreen(stack);
      let line = await past(screen, (await transcript(screen, name, '5')).at(-1));
      const places = [];
      while (questionIn(line)[1] !== undefined && places.length < 3) {
        places.push(questionIn(line)[1]);
        line = lineOf(await screen.type((await answerTo(line, given)) || 'not known'));
      }
      shapes.push(places);
    }
    expect(shapes).toEqual([
      ['1', '2', '3'],
      ['1', '2', '3'],
      ['1', '2', '3'],
    ]);
  });

  test('can be left by 0, and the answers are forgotten', async () => {
    const person = await enrolRecovering(stack);
    const screen = logonScreen(stack);
    await past(screen, (await transcript(screen, person.userId, 'questions')).at(-1));
    const lines = [];
    for (const typed of ['x y', '0', '1']) lines.push(lineOf(await screen.type(typed)));
    expect(lines.at(-2)).toBe(menu);
    expect(lines.at(-1)).toBe(promptTo(maskOf(person.phone)));
  });
});

test('the texts are in the language of the PC', async () => {
  const { userId } = await enrol(stack);
  const german = logonScreen(stack, { headerAcceptLanguage: 'de-DE' });
  const lines = await transcript(german, userId, 'anruf');
  expect(lines[0]).toBe(
    '> Geben Sie ein Wort oder seine Nummer ein: 1 sms, 2 e-mail, 3 anruf, 4 ersatzcode, 5 fragen',
  );
  expect(lines[1]).toMatch(
    /^> Bitte geben Sie den Code ein, der an •••• ••\d\d gesendet wurde\. Oder tippen Sie: nochmal, 1 sms/,
  );
  for (const language of ['fr-FR', 'es-ES', 'ar-SA', 'it-IT', 'x', ''])
    expect((await transcript(logonScreen(stack, { headerAcceptLanguage: language }), userId))[0]).toMatch(
      /1 \S/,
    );
});

test('no answer of ours makes the credential provider poll', async () => {
  const { userId } = await enrol(stack);
  const screen = logonScreen(stack);
  await transcript(screen, userId, 'sms', 'x', '0', 'backup');
  const types = screen.exchanges.flatMap(({ body }) =>
    Array.from(body.matchAll(/"type":"(\w+)"/g), ([, type]) => type),
  );
  expect(types).toEqual(['menu', 'sms', 'menu', 'backup']);
});
