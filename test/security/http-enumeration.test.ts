/** Whether a stranger with a client's token can tell by any answer over HTTP who exists, and in which state. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { caller, codeSentTo, enrol, put, until, wrong } from '../e2e/people.ts';
import { borrowStack, type Json, type Stack, type StackAnswer } from '../stack.ts';

let stack: Stack;
let api: ReturnType<typeof caller>;
beforeAll(async () => {
  stack = await borrowStack();
  api = caller(stack);
});
afterAll(() => stack.stop());

/** Names of one length, so that lengths can be compared; `n` tells the tests apart. */
const nameOf = (kind: string, n: number): string => `${kind}-${n}`.padEnd(24, 'x');
const addressOf = (userId: string): string => `${userId}@example.com`;
let numbers = 1_000;
const nextNumber = (): string => `+1202555${++numbers}`;

/** People who look alike from outside, each made under a name of its own. */
const kinds: Readonly<Record<string, (userId: string) => Promise<unknown>>> = {
  known: (userId) => put(stack, userId, { phone: nextNumber(), email: addressOf(userId) }),
  unknown: async () => undefined,
  disabled: (userId) => put(stack, userId, { phone: nextNumber(), email: addressOf(userId), enabled: false }),
  'phone-only': (userId) => put(stack, userId, { phone: nextNumber() }),
  'mail-only': (userId) => put(stack, userId, { email: addressOf(userId) }),
  empty: (userId) => put(stack, userId, {}),
  removed: async (userId) => {
    await put(stack, userId, { phone: nextNumber(), email: addressOf(userId) });
    const { call } = caller(stack);
    await call('DELETE', `/v1/users/${userId}`, undefined, { client: 'admin' });
  },
};

/** What can be seen of an answer; what must differ between any two people or moments is blotted out. */
function seen({ status, headers, text, body }: StackAnswer) {
  const blotted = JSON.stringify(body, (name, value) => {
    if (name === 'challengeId' || name.endsWith('At')) return `${typeof value} ${String(value).length}`;
    if (name === 'destination' || name === 'prompt') return String(value).replace(/\d\d$|\d\d(?=\W*$)/, '··');
    return name === 'methods' ? 'one of several sets' : value;
  });
  const { methods } = body;
  return {
    status,
    headers: Array.from(headers, ([name, value]) => (name === 'date' ? name : `${name}: ${value}`))
      .filter((header) => !/^(content-length|retry-after):/.test(header))
      .sort(),
    waits: headers.has('retry-after'),
    body: blotted,
    // Sets of methods differ between people; nothing else may change the length.
    length: text.length - (methods === undefined ? 0 : JSON.stringify(methods).length),
  };
}

/** Nothing is said of a delivery for three seconds, which the clock need not wait for once a worker took it. */
const delivered = async (challengeId: string) => {
  await stack.quiet();
  await stack.advance(3);
  return until(
    () => api.status(challengeId),
    ({ body }) => body.delivery !== 'queued',
  );
};

/** One person's whole story, as a client sees it: start, status, wrong codes to the end, resend. */
async function story(userId: string, method: string) {
  const start = await api.start(userId, { method });
  const { challengeId }: Json = start.body;
  const sent = await delivered(challengeId);
  const early = await api.resend(challengeId);
  const again = await api.start(userId, { method });
  await stack.advance(30);
  const resent = await api.resend(challengeId);
  const attempts: StackAnswer[] = [];
  for (let attempt = 0; attempt < 6; attempt += 1) attempts.push(await api.verify(challengeId, '000000'));
  const late = await api.resend(challengeId);
  const closed = await delivered(challengeId);
  const foreign = await api.status(challengeId, { client: 'web-login' });
  return [start, sent, early, again, resent, ...attempts, late, closed, foreign].map((answer) =>
    seen(answer),
  );
}

describe.each(['SMS', 'Email'])('by %s', (method) => {
  test('status and body oracle: no step tells who is known, unknown, disabled, half enrolled or removed', async () => {
    const stories = new Map<string, unknown>();
    const n = method === 'SMS' ? 1 : 2;
    for (const [kind, make] of Object.entries(kinds)) {
      // Masks of email show the first letter of the name, which the client knows: it is the same for all.
      const userId = nameOf(`m-${kind}`, n);
      await make(userId);
      stories.set(kind, await story(userId, method));
    }
    const { known, ...others } = Object.fromEntries(stories);
    expect(known).toHaveLength(14);
    for (const [kind, each] of Object.entries(others)) expect({ [kind]: each }).toEqual({ [kind]: known });
  });
});

test('lock oracle: whoever has used up the attempts has to wait alike, known or not', async () => {
  const outcomes: unknown[] = [];
  const names = { known: nameOf('n-known', 3), unknown: nameOf('n-unknown', 3) };
  await kinds['known']?.(names.known);
  for (const userId of Object.values(names)) {
    const answers: unknown[] = [];
    for (let round = 0; round < 3; round += 1) {
      const { body, ...answer } = await api.start(userId, { method: 'SMS' });
      answers.push(seen({ body, ...answer }));
      for (let attempt = 0; attempt < 5; attempt += 1) {
        const verified = await api.verify(body.challengeId, '000000');
        answers.push(seen(verified));
        const wait = Number(verified.headers.get('retry-after') ?? 0);
        answers.push(wait > 0 ? Math.round(wait / 5) : 'no wait');
      }
      const { challengeId } = body;
      answers.push(seen(await delivered(challengeId)), seen(await api.resend(challengeId)));
      await stack.advance(120);
      answers.push(seen(await api.resend(challengeId)), seen(await delivered(challengeId)));
    }
    outcomes.push(answers);
    await stack.advance(86_400);
  }
  expect(JSON.stringify(outcomes[0])).toContain('attempts-exhausted');
  expect(outcomes[1]).toEqual(outcomes[0]);
});

test('throttle oracle: a full destination refuses a decoy as it refuses a person', async () => {
  const outcomes: unknown[] = [];
  const userId = nameOf('f-known', 4);
  await kinds['known']?.(userId);
  for (const name of [userId, nameOf('f-unknown', 4)]) {
    const answers: unknown[] = [];
    for (let send = 0; send < 6; send += 1) {
      if (send > 0) await stack.advance(119);
      await stack.advance(1);
      const answer = await api.start(name, { method: 'SMS' });
      answers.push(seen(answer), Math.round(Number(answer.headers.get('retry-after') ?? 0) / 5));
    }
    const other = await api.start(name, { method: 'SMS' }, { client: 'web-login' });
    answers.push(seen(other));
    outcomes.push(answers);
  }
  expect(JSON.stringify(outcomes[0])).toContain('rate-limited');
  expect(outcomes[1]).toEqual(outcomes[0]);
});

test('the right code of somebody disabled meanwhile is as wrong as any', async () => {
  const person = await enrol(stack);
  const { body } = await api.start(person.userId, { method: 'SMS' });
  const code = await codeSentTo(stack, person.phone);
  const { phone, email } = person;
  await put(stack, person.userId, { phone, email, enabled: false });
  const right = seen(await api.verify(body.challengeId, code));
  const other = seen(await api.verify(body.challengeId, wrong(code)));
  expect(right.status).toBe(422);
  expect(right.body).toContain('"attemptsRemaining":4');
  expect({ ...right, body: right.body.replace(/4}$/, '3}') }).toEqual(other);
});

/** Codes to somebody and to nobody, by what their owners are told at once. */
async function startBoth(method: string, turn: number) {
  const startedAt = Date.now();
  const person = await enrol(stack);
  const start = async (userId: string): Promise<string> =>
    (await api.start(userId, { method })).body.challengeId;
  const started = [await start(person.userId), await start(nameOf(`${method}-unknown-${turn}`, 7))];
  await codeSentTo(stack, method === 'Email' ? person.email : person.phone);
  return { started, told: await deliveriesOf(started), milliseconds: Date.now() - startedAt };
}

const deliveriesOf = (started: readonly string[]) =>
  Promise.all(started.map(async (id) => (await api.status(id)).body.delivery));

test.each(['SMS', 'Email', 'Call'])(
  'timing oracle on delivery: a code by %s is not said to be sent before a carrier can have answered',
  async (method) => {
    let both = await startBoth(method, 0);
    // A machine that is busy for three seconds may be told already.
    for (let turn = 1; turn < 10 && both.milliseconds > 2_900; turn += 1)
      both = await startBoth(method, turn);
    expect(both.told).toEqual(['queued', 'queued']);
    await stack.advance(3);
    await Promise.all(both.started.map(delivered));
    expect(await deliveriesOf(both.started)).toEqual(['sent', 'sent']);
  },
);

test('a decoy is the same person every time', async () => {
  const userId = nameOf('d-unknown', 5);
  const looks: unknown[] = [];
  for (let day = 0; day < 3; day += 1) {
    const { body } = await api.start(userId);
    const { method, methods, destination } = body;
    looks.push({ method, methods, destination });
    await stack.advance(86_400);
  }
  expect(new Set(looks.map((look) => JSON.stringify(look))).size).toBe(1);
});

test('methods that nobody has: names that do not exist are offered all that everybody is', async () => {
  for (let stranger = 0; stranger < 6; stranger += 1) {
    const { body } = await api.start(nameOf(`s-unknown-${stranger}`, 6));
    expect([body.method, body.methods]).toEqual(['SMS', ['SMS', 'Email', 'Call']]);
  }
});
