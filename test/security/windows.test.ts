/** The anonymous door of logon screens under bad input, races and faults, and what each step asks of the table. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { formOf } from '../../infra/cli/windows/provider/escape.ts';
import type { Provider } from '../../infra/cli/windows/provider/provider.ts';
import { lineOf, logonScreen, post, transcript, windowsUrl } from '../e2e/logon-screens.ts';
import { codeSentTo, enrol, messagesTo, put, until, wrong } from '../e2e/people.ts';
import { enrolRecovering, recoverer, rightAnswers } from '../e2e/recovering.ts';
import { borrowStack, type Stack } from '../stack.ts';
import { ownName } from '../support/own-name.ts';

let stack: Stack;
let url: string;
beforeAll(async () => {
  stack = await borrowStack();
  url = windowsUrl(stack);
});
afterEach(() => stack.clearFaults());
afterAll(() => stack.stop());

const rules = { plus: 'escaped' } as const;
const form = (fields: Readonly<Record<string, string>>) => formOf(fields, rules);
const answerTo = (line: string): string =>
  rightAnswers[
    line.includes('teacher') ? 'first-teacher' : line.includes('street') ? 'childhood-street' : 'first-film'
  ] ?? '';
const begin = async (user: string) => (await post(url, form({ pass: '', user }))).response.transactionId;

describe('name in another encoding', () => {
  test.each([
    ['spaces', 'John Smith', 'escaped'],
    ['a plus that is escaped', 'erin+pc@example.com', 'escaped'],
    ['a plus that is not', 'erin+pc@example.com', 'itself'],
    ['umlauts', 'Jürgen Müßig', 'escaped'],
    ['an emoji', 'zoë 😀 x', 'escaped'],
    ['a backslash', 'WORK\\ann', 'escaped'],
    ['a percent sign', '100%erin', 'escaped'],
  ] as const)('with %s is that person’s, as the client writes it', async (_, base, plus) => {
    const userId = `${base}${process.pid}${plus === 'itself' ? 'x' : ''}`;
    const phone = '+12025550188';
    await put(stack, userId, { phone, email: `n${Math.random()}@example.com` });
    const before = await messagesTo(stack, phone);
    const screen = logonScreen(stack, { escape: { plus } });
    expect((await transcript(screen, userId, 'sms'))[1]).toMatch(/code sent to •••• ••88/);
    const code = await codeSentTo(stack, phone, before + 1);
    expect(lineOf(await screen.type(code))).toBe('password');
    await stack.advance(86_400);
  });

  test('with spaces is read of other clients as forms write it', async () => {
    const { userId } = await enrol(stack, {});
    const spaced = `${userId} of forms`;
    await put(stack, spaced, { phone: '+12025550177' });
    const body = new URLSearchParams({ pass: 'sms', user: spaced }).toString();
    expect(body).toContain('+of+forms');
    const { response } = await post(url, body, { 'user-agent': 'curl/8' });
    expect(response.challenges[0]?.message).toMatch(/code sent to •••• ••77/);
  });

  test('with a realm is that name and no other', async () => {
    const { userId, phone } = await enrol(stack);
    const screen = logonScreen(stack, { realm: `ELSEWHERE${process.pid}` });
    await transcript(screen, userId, 'sms');
    expect(await messagesTo(stack, phone)).toBe(0);
  });
});

describe('logon ended by an answer: what is no request gets one that the client can read, and lets nobody in', () => {
  const big = 'x'.repeat(65_536);
  test.each<[string, string | Uint8Array<ArrayBuffer>, number]>([
    ['no body', '', 400],
    ['no name', 'pass=', 400],
    ['an empty name, which a name of escapes becomes', 'pass=&user=', 400],
    ['a name of white space', 'pass=&user=%20%20', 400],
    ['a name with a line break', 'pass=&user=a%0ab', 400],
    ['a name with NUL', 'pass=&user=a%00b', 400],
    ['a name of 64 kB', `pass=&user=${big}`, 400],
    ['an escape that is none', 'pass=%zz&user=a', 400],
    ['half an escape', 'pass=&user=a%', 400],
    ['bytes that are not UTF-8', 'pass=&user=%ff%fe', 400],
    ['raw bytes that are not UTF-8', new Uint8Array([0x75, 0x73, 0x65, 0x72, 0x3d, 0xff]), 400],
    ['two names', 'pass=&user=a&user=b', 400],
    ['JSON', '{"user":"alice","pass":"sms"}', 400],
    ['more than 256 KiB', `user=a&pass=${'x'.repeat(300_000)}`, 413],
    ['64 kB typed', `user=a&pass=${big}`, 200],
    ['64 kB of emoji typed', `user=a&pass=${'%f0%9f%98%80'.repeat(16_384)}`, 200],
    ['a transaction of 64 kB', `user=a&pass=sms&transaction_id=${big}`, 200],
    ['fields that nobody knows', 'user=a&pass=&type=passkey&serial=1&cancel_enrollment=true', 200],
  ])('%s', async (_, body, status) => {
    const answered = await post(url, body);
    expect(answered.status).toBe(status);
    expect(answered.response.authentication).not.toBe('ACCEPT');
    expect(answered.response.value).toBe(false);
  });

  test('another type of content', async () => {
    for (const type of ['application/json', 'multipart/form-data', 'text/plain', 'x']) {
      const { status } = await post(url, 'pass=&user=a', { 'content-type': type });
      expect(status).toBe(200);
    }
  });
});

describe('deployment key guessed', () => {
  test.each(['wrong', 'LOCAL', 'local%20', 'x'.repeat(5_000), '%00', '..%2flocal'])(
    'that no group has, %j, is 404 with a body that the client can read',
    async (key) => {
      for (const pass of ['', 'sms', '123456']) {
        const { status, response } = await post(windowsUrl(stack, key), form({ pass, user: 'alice' }));
        expect([status, response.error?.code]).toEqual([404, 404]);
      }
    },
  );

  test('is asked of the poll too, which is false for whatever transaction and reads nothing', async () => {
    await stack.quiet();
    await stack.forgetRequests();
    for (const id of ['', 'x', 'x'.repeat(2_000)]) {
      const right = await fetch(`${url}/validate/polltransaction?transaction_id=${id}`);
      expect(await right.json()).toMatchObject({ result: { status: true, value: false } });
      const other = await fetch(`${windowsUrl(stack, 'no')}/validate/polltransaction?transaction_id=${id}`);
      expect(other.status).toBe(404);
    }
    expect(await stack.requests()).toEqual({});
  });
});

describe('transaction of somebody else', () => {
  test('brings the menu: the right code of its owner lets nobody in', async () => {
    const [victim, thief] = [await enrol(stack), await enrol(stack)];
    const screen = logonScreen(stack);
    await transcript(screen, victim.userId, 'sms');
    const code = await codeSentTo(stack, victim.phone);
    const transaction_id = screen.transactionId;
    const stolen = await post(url, form({ pass: code, transaction_id, user: thief.userId }));
    expect(stolen.response.authentication).toBe('CHALLENGE');
    expect(stolen.response.challenges[0]?.message).toContain('That is over');
    const sent = await post(url, form({ pass: 'sms', transaction_id, user: thief.userId }));
    expect(sent.response.challenges[0]?.type).toBe('menu');
    expect(await messagesTo(stack, thief.phone)).toBe(0);
    expect(lineOf(await screen.type(code))).toBe('password');
  });

  test('of one’s own account lets in under no other name', async () => {
    const [victim, thief] = [await enrol(stack), await enrol(stack)];
    const screen = logonScreen(stack);
    await transcript(screen, thief.userId, 'sms');
    const code = await codeSentTo(stack, thief.phone);
    const { response } = await post(
      url,
      form({ pass: code, transaction_id: screen.transactionId, user: victim.userId }),
    );
    expect(response.authentication).toBe('CHALLENGE');
  });

  test('of a quarter of an hour ago brings the menu', async () => {
    const { userId, phone } = await enrol(stack);
    const screen = logonScreen(stack);
    await transcript(screen, userId, 'sms');
    const code = await codeSentTo(stack, phone);
    await stack.advance(900);
    expect(lineOf(await screen.type(code))).toMatch(/^> That is over/);
  });
});

describe('message of a logon screen', () => {
  test('says where it was asked for, and binds the code to no host', async () => {
    const { userId, phone, email } = await enrol(stack);
    await transcript(logonScreen(stack), userId, 'sms');
    const sms = await stack.received(phone);
    expect(sms.body.includes('@')).toBe(false);
    await stack.advance(30);
    await transcript(logonScreen(stack, { computer: 'PC-17' }), userId, 'email');
    const mail = await stack.received(email);
    expect(mail.body.includes('PC-17')).toBe(true);
    expect(mail.body.includes('at a Windows PC')).toBe(true);
    expect(mail.body.includes('knows your password')).toBe(false);
  });
});

describe('logon request repeated at once', () => {
  const together = <T>(count: number, act: () => Promise<T>) =>
    Promise.all(Array.from({ length: count }, act));

  test('with the right code lets in once', async () => {
    const { userId, phone } = await enrol(stack);
    const transaction_id = await begin(userId);
    await post(url, form({ pass: 'sms', transaction_id, user: userId }));
    const body = form({ pass: await codeSentTo(stack, phone), transaction_id, user: userId });
    const answers = await together(5, () => post(url, body));
    expect(answers.filter(({ response }) => response.authentication === 'ACCEPT').length).toBe(1);
  });

  test('with a choice sends one message', async () => {
    const { userId, phone } = await enrol(stack);
    const transaction_id = await begin(userId);
    const body = form({ pass: 'sms', transaction_id, user: userId });
    const answers = await together(5, () => post(url, body));
    for (const { response } of answers) expect(response.authentication).not.toBe('ACCEPT');
    await codeSentTo(stack, phone);
    await stack.quiet();
    expect(await messagesTo(stack, phone)).toBe(1);
  });

  test('with the last answer lets in once', async () => {
    const { userId } = await enrolRecovering(stack);
    const screen = logonScreen(stack);
    const shown = async (line: string | undefined) => {
      let now = line ?? '';
      while (now.includes('One moment')) now = lineOf(await screen.type(''));
      return now;
    };
    let line = await shown((await transcript(screen, userId, 'questions')).at(-1));
    for (let place = 1; place < 3; place += 1) line = lineOf(await screen.type(answerTo(line)));
    const body = form({ pass: answerTo(line), transaction_id: screen.transactionId, user: userId });
    const answers = await together(4, () => post(url, body));
    const later = await until(
      () => post(url, form({ pass: '', transaction_id: screen.transactionId, user: userId })),
      ({ response }) =>
        response.challenges[0]?.type !== 'wait' && response.challenges[0]?.type !== 'question',
    );
    const accepted = [...answers, later].filter(({ response }) => response.authentication === 'ACCEPT');
    expect(accepted.length).toBe(1);
  });
});

describe('fault taken for consent at a logon screen', () => {
  /** What comes once the workflow has opened the step. */
  const past = async (screen: Provider, line: string | undefined) => {
    let shown = line ?? '';
    while (shown.includes('One moment')) shown = lineOf(await screen.type(''));
    return shown;
  };
  const questioned = async (screen: Provider, right: number) => {
    const { userId } = await enrolRecovering(stack);
    let line = await past(screen, (await transcript(screen, userId, 'questions')).at(-1));
    for (let place = 0; place < right; place += 1) line = lineOf(await screen.type(answerTo(line)));
    return answerTo(line);
  };
  const sent = async (screen: Provider) => {
    const { userId, phone } = await enrol(stack);
    await transcript(screen, userId, 'sms');
    return codeSentTo(stack, phone);
  };

  /** What leads to a step, and what is typed there; it is right, or would have a message sent. */
  const steps: Readonly<Record<string, (screen: Provider) => Promise<string>>> = {
    'a choice': async (screen) => {
      await screen.begin((await enrol(stack)).userId);
      return 'sms';
    },
    'another code': async (screen) => {
      await sent(screen);
      await stack.advance(30);
      return 'again';
    },
    'another way': async (screen) => {
      await sent(screen);
      await stack.advance(30);
      return 'email';
    },
    'the right code': sent,
    'a backup code': async (screen) => {
      const { userId } = await enrol(stack);
      const { body } = await recoverer(stack).generate(userId, { kind: 'static', count: 1 });
      await transcript(screen, userId, 'backup');
      return body.codes[0];
    },
    'the choice of questions': async (screen) => {
      await screen.begin((await enrolRecovering(stack)).userId);
      return 'questions';
    },
    'the first answer': (screen) => questioned(screen, 0),
    'the last answer': (screen) => questioned(screen, 2),
  };

  test.each<[step: string, Parameters<Stack['fault']>[0], Parameters<Stack['fault']>[1]]>([
    ['a choice', 'dynamodb', 'error'],
    ['a choice', 'dynamodb', 'timeout'],
    ['a choice', 'sqs', 'error'],
    ['another code', 'dynamodb', 'error'],
    ['another way', 'sqs', 'throttle'],
    ['the right code', 'dynamodb', 'error'],
    ['the right code', 'dynamodb', 'timeout'],
    ['a backup code', 'dynamodb', 'error'],
    ['the choice of questions', 'dynamodb', 'error'],
    ['the choice of questions', 'states', 'error'],
    ['the first answer', 'dynamodb', 'error'],
    ['the last answer', 'dynamodb', 'error'],
    ['the last answer', 'states', 'error'],
  ])(
    '%s while %s has a lasting %s is told so, accepts and sends nothing, and goes on after it',
    async (step, service, fault) => {
      const screen = logonScreen(stack);
      const typed = await (steps[step] as (typeof steps)[string])(screen);
      await stack.quiet();
      const before = (await stack.outbox()).length;
      await stack.fault(service, fault, 1_000);
      expect(lineOf(await screen.type(typed))).toMatch(/^! .*\(503\)$/);
      await stack.clearFaults();
      await stack.quiet();
      expect((await stack.outbox()).length).toBe(before);
      const line = await past(screen, lineOf(await screen.type(typed)));
      if (/code$|last answer/.test(step) && step !== 'another code') expect(line).toBe('password');
      else expect(line).toMatch(/^> (?:Please enter the code|Question [12] of 3)/);
    },
  );

  test('a reply that is lost on its way lets in whose code was right', async () => {
    const screen = logonScreen(stack);
    const code = await sent(screen);
    await stack.quiet();
    await stack.fault('dynamodb', 'lost-reply', 2);
    expect(lineOf(await screen.type(code))).toBe('password');
  });
});

describe('flood of logon screens: requests to the table', () => {
  const costOf = async (body: string) => {
    await stack.quiet();
    await stack.forgetRequests();
    await post(url, body);
    return stack.requests();
  };

  test('are none for the menu, for a name of nobody, a wrong key or a transaction that is none', async () => {
    const { userId } = await enrol(stack);
    for (const fields of [
      { pass: '', user: userId },
      { pass: '', user: ownName('nobody') },
      { pass: 'hello', user: userId },
      { pass: '123456', user: userId, transaction_id: 'x' },
      { pass: 'sms', user: userId, transaction_id: 'x' },
    ])
      expect(await costOf(form(fields))).toEqual({});
  });

  test('are one read more than the API’s for a code, of a decoy as well', async () => {
    const { userId, phone } = await enrol(stack);
    for (const user of [userId, ownName('nobody-too')]) {
      const transaction_id = await begin(user);
      await post(url, form({ pass: 'sms', transaction_id, user }));
      const code = user === userId ? await codeSentTo(stack, phone) : '123456';
      const cost = await costOf(form({ pass: wrong(code), transaction_id, user }));
      expect(cost).toEqual({ dynamodb: { GetItem: 1, UpdateItem: 1 } });
      expect(await costOf(form({ pass: 'no code', transaction_id, user }))).toEqual({
        dynamodb: { GetItem: 1 },
      });
    }
  });
});

describe('names sprayed at a logon screen', () => {
  test('sees what a person sees, step by step, but for the mask', async () => {
    const { userId } = await enrol(stack);
    const texts = ['sms', '000000', 'hello', 'again', 'backup', '0', '7K3M-Q0ZC-9RTW-1XHB'];
    const [one, other] = await Promise.all(
      [userId, ownName('somebody')].map((name) => transcript(logonScreen(stack), name, ...texts)),
    );
    const unmasked = (lines: readonly string[] = []) =>
      lines.map((line) => line.replace(/••\d\d/, '••##').replace(/\d+ seconds/, 'n seconds'));
    expect(unmasked(one)).toEqual(unmasked(other));
  });
});
