/** What attacks on an anonymous door come to, measured with the ordinary policy, as docs/windows.md says it. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { redeemCode } from '../../shared/domain/backup-codes/redeem-code.ts';
import { askQuestions } from '../../shared/domain/kba/ask-questions.ts';
import { checkAnswers } from '../../shared/domain/kba/check-answers.ts';
import { outcomeAfterSeconds } from '../../shared/domain/limits/circuit-breaker.ts';
import { quotasOf } from '../../shared/domain/limits/quotas.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { defaultPolicy, type Method } from '../../shared/domain/policy/policy.ts';
import { startRecovery } from '../../shared/domain/recovery/start-recovery.ts';
import { recoveryStore } from '../../shared/store/recoveries.ts';
import { patiently } from '../support/patience.ts';
import { anotherCode, type Backend, backendOn, enrolSomebody } from '../support/person.ts';
import { startTable } from '../support/table.ts';
import { type Worker, workerOn } from '../support/worker.ts';

const pageOf = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const page = pageOf('windows.md');

/** The figures of the page's table, by what they are of. */
const figures = new Map(
  Array.from(page.matchAll(/^\| ([^|]+) \| ([\d,.]+) \|$/gm), ([, of = '', figure = '']) => [
    of,
    Number(figure.replaceAll(',', '')),
  ]),
);
const compared = new Set<string>();
/** What a stage has that says nothing of a field. */
function usual(field: string): number {
  const row = pageOf('stage.md')
    .split('\n')
    .find((line) => line.startsWith(`| \`${field}\` |`));
  return Number(/\| (\d+) \|/.exec(row ?? '')?.[1]);
}
function expectFigure(of: string, measured: number): void {
  compared.add(of);
  expect([of, measured]).toEqual([of, figures.get(of)]);
}

const table = await startTable();
const policy = { ...defaultPolicy, securityCodes: 'both' } as const;
const [pc, web] = ['windows:office', 'web-login'];
const day = 86_400_000;

let backend: Backend;
let requests = 0;
beforeEach(() => {
  backend = backendOn(table, policy);
});
afterAll(async () => {
  await table.close();
  expect([...figures.keys()].filter((of) => !compared.has(of))).toEqual([]);
});

const newRequest = () => {
  requests += 1;
  return `request-${requests}`;
};

const start = async (userId: string, client: string, method: Method = 'SMS', session?: string) =>
  startChallenge(
    { person: await backend.person(userId), client, purpose: 'sign-in', method, session },
    backend,
  );

/** Moves the clock to when an attacker may go on. */
function waitFor({ retryAt }: { readonly retryAt?: number }): void {
  const { clock, advance } = backend;
  advance(Math.max(1, Math.ceil(((retryAt ?? 0) - clock.now()) / 1000)));
}

describe('an anonymous door attacked without a pause', () => {
  /** Messages by name, each as soon as it may leave. @returns how many left before the day was over */
  async function pester(userId: string): Promise<number> {
    const until = backend.clock.now() + day;
    for (let sent = 0; ; ) {
      const before = backend.queued.length;
      const outcome = await start(userId, pc);
      sent += backend.queued.length - before;
      if (outcome.kind === 'rate-limited' && outcome.retryAt >= until) return sent;
      if (outcome.kind === 'challenge') waitFor({ retryAt: outcome.view.resendAvailableAt });
      else if (outcome.kind === 'rate-limited') waitFor(outcome);
      else throw new Error(outcome.kind);
    }
  }

  test('messages to one person', async () => {
    const userId = await enrolSomebody(backend);
    const began = backend.clock.now();
    expectFigure('messages to one person in a day', await pester(userId));
    // As soon as the last one left, which is when a web login meets the most of them.
    backend.advance((began - backend.clock.now()) / 1000 + 330);
    const sms = await start(userId, web);
    const refused = sms.kind === 'rate-limited' ? (sms.retryAt - backend.clock.now()) / 1000 : 0;
    expectFigure('seconds that a web login then waits for an SMS', refused);
    expectFigure(
      'seconds that it waits for an email',
      (await start(userId, web, 'Email')).kind === 'challenge' ? 0 : -1,
    );
  });

  /** Guesses codes as fast as waits, attempts and messages let one. */
  async function guess(userId: string, until: number): Promise<number> {
    for (let guesses = 0; ; ) {
      const outcome = await start(userId, pc);
      if (backend.clock.now() >= until) return guesses;
      if (outcome.kind === 'rate-limited') {
        waitFor(outcome);
        continue;
      }
      if (outcome.kind !== 'challenge') throw new Error(outcome.kind);
      const { challengeId } = outcome.view;
      const right = await backend.codeOf(userId, pc);
      for (;;) {
        const code = anotherCode(right, 1 + guesses);
        const judged = await verifyCode({ challengeId, client: pc, code, request: newRequest() }, backend);
        if (judged.kind === 'code-rejected') guesses += 1;
        else if (judged.kind === 'attempts-exhausted' && judged.reason === 'wait') waitFor(judged);
        else break;
        if (backend.clock.now() >= until) return guesses;
      }
      if (backend.clock.now() < outcome.view.resendAvailableAt)
        waitFor({ retryAt: outcome.view.resendAvailableAt });
    }
  }

  test('guessing codes', async () => {
    const userId = await enrolSomebody(backend);
    const guesses = await guess(userId, backend.clock.now() + day);
    expectFigure('guesses at codes of one person in a day', guesses);
    const { attempts, digits } = policy.otp;
    const requestsInAnHour = usual('windows.requestsPerSecond') * 3_600;
    // The choice that opens a challenge, and each of its guesses.
    const overAll = (requestsInAnHour * attempts) / (attempts + 1);
    expectFigure('guesses at codes in an hour, over all names', overAll);
    expect(24 * overAll).toBeGreaterThan(10_000 * guesses);
    expectFigure('right ones to expect in a day, of 10,000 people', (10_000 * guesses) / 10 ** digits);
  });

  test('locking out', async () => {
    const userId = await enrolSomebody(backend);
    const redeem = async (client: string) =>
      redeemCode(
        { person: await backend.person(userId), client, code: '0'.repeat(16), request: newRequest() },
        backend,
      );
    const began = backend.clock.now();
    let [wrong, firstWait] = [0, 0];
    for (;;) {
      const outcome = await redeem(pc);
      if (outcome.kind === 'code-rejected') wrong += 1;
      else if (outcome.kind !== 'attempts-exhausted' || outcome.reason === 'stopped') break;
      else {
        if (firstWait === 0) firstWait = wrong;
        waitFor(outcome);
      }
    }
    expectFigure('wrong attempts that make PCs wait', firstWait);
    expectFigure('wrong attempts that stop PCs', wrong);
    expectFigure('hours that they take', Math.round((backend.clock.now() - began) / 3_600_000));
    expect((await start(userId, web)).kind).toBe('challenge');
    let left = 0;
    for (;;) {
      const outcome = await redeem(web);
      if (outcome.kind === 'code-rejected') left += 1;
      else if (outcome.kind === 'attempts-exhausted' && outcome.reason === 'wait') waitFor(outcome);
      else break;
    }
    expectFigure('wrong attempts in a row that a web login has left then', left);
  }, 60_000);

  test('closing questions', async () => {
    const userId = await enrolSomebody(backend);
    const answer = async (client: string) => {
      const person = await backend.person(userId);
      const asked = await askQuestions({ person, client, purpose: 'sign-in' }, backend);
      if (asked.kind !== 'questions') throw new Error(asked.kind);
      const answers = asked.questions.map(({ questionId }) => ({ questionId, answer: 'not known' }));
      return checkAnswers(
        { challengeId: asked.view.challengeId, client, answers, request: newRequest() },
        backend,
      );
    };
    const rounds = async (client: string) => {
      for (let judged = 0; ; judged += 1) {
        const outcome = await answer(client);
        if (outcome.kind === 'rejected') continue;
        return { judged, retryAt: outcome.kind === 'attempts-exhausted' ? (outcome.retryAt ?? 0) : 0 };
      }
    };
    const { judged, retryAt } = await rounds(pc);
    expectFigure('wrong rounds that close questions at PCs', judged);
    expectFigure('hours that they stay closed', (retryAt - backend.clock.now()) / 3_600_000);
    expectFigure('rounds that a web login has left then', (await rounds(web)).judged);
  });

  test('pumping', () => {
    const prices = { SMS: 0.2, Email: 0.0001, Call: 0.25 };
    const phone = { number: '+12025550123', country: 'US' };
    const now = backend.clock.now();
    const halves = (method: Method) =>
      new Map(
        quotasOf(
          { method, client: pc, isImportant: false, phone: method === 'Email' ? undefined : phone, now },
          policy,
          prices,
          backend.keyring,
        ).map(({ name, anonymous, ceiling }) => [name, anonymous ?? ceiling]),
      );
    expectFigure('messages to a block of 1,000 numbers in an hour', halves('SMS').get('prefix') ?? 0);
    expectFigure('messages to a country in a day', halves('SMS').get('country') ?? 0);
    expectFigure('emails in a day', halves('Email').get('channel') ?? 0);
    expectFigure(
      'US dollars for SMS in a day, at 0.20 each',
      (halves('SMS').get('channel') ?? 0) * prices.SMS,
    );
  });

  describe('spraying names', () => {
    /** Each name once, in logons of their own; what left meanwhile. */
    async function spray(names: readonly string[], logon: string, worker: Worker) {
      worker.left.length = 0;
      const opened = await Promise.all(names.map((name) => start(name, pc, 'SMS', logon)));
      await worker.work();
      return {
        kinds: new Set(opened.map(({ kind }) => kind)),
        left: worker.left.map(({ method }) => method),
      };
    }

    /** Seconds until the outcomes of what left are counted, and what trips by them. */
    async function count(worker: Worker) {
      backend.advance(outcomeAfterSeconds);
      return (await worker.count()).find(({ tripped }) => tripped);
    }

    test('costs each of them one message, stops SMS from PCs for an hour, and no other door', async () => {
      const worker = workerOn(table, backend);
      const people = await Promise.all(Array.from({ length: 32 }, () => enrolSomebody(backend)));
      const [regular = '', bystander = '', ...sprayed] = people;
      const [first = ''] = sprayed;
      const view = await start(regular, web);
      if (view.kind !== 'challenge') throw new Error(view.kind);
      const [{ challengeId }, code] = [view.view, await backend.codeOf(regular, web)];
      await worker.work();
      await verifyCode({ challengeId, client: web, code, request: newRequest() }, backend);
      expect(await count(worker)).toBeUndefined();

      const { kinds, left } = await spray(sprayed, 'one', worker);
      const again = await spray(sprayed, 'another', worker);
      expect([[...kinds], [...again.kinds]]).toEqual([['challenge'], ['rate-limited']]);
      const each = 'messages that each gets who is enrolled, however often it is sprayed at once';
      expectFigure(each, (left.length + again.left.length) / sprayed.length);
      const waits = (await start(first, web)).kind === 'challenge' ? 0 : -1;
      expectFigure('seconds that a web login of such a person then waits for an SMS', waits);
      await worker.work();

      const tripped = await count(worker);
      expect(tripped).toMatchObject({ tripped: 'stopped', verified: 0 });
      const [numbers, perSecond] = [tripped?.known ?? 0, usual('windows.requestsPerSecond')];
      expectFigure('numbers that stop SMS from PCs to their country', numbers);
      expectFigure('seconds until they do', outcomeAfterSeconds);
      const pace = Math.min(perSecond, usual('delivery.sms.perSecond'));
      const meanwhile = numbers + outcomeAfterSeconds * pace;
      expectFigure('SMS to the country that leave until then, at most', meanwhile);
      expectFigure('names that can be sprayed in an hour', perSecond * 3_600);

      expect((await spray([bystander], 'a logon', worker)).left).toEqual(['Email']);
      expect((await spray([regular], 'a logon', worker)).left).toEqual(['SMS']);
      expect((await start(bystander, web)).kind).toBe('challenge');
      worker.left.length = 0;
      await worker.work();
      expect(worker.left.map(({ method }) => method)).toEqual(['SMS']);
      backend.outcomes.length = 0;
      const { holdSeconds } = policy.breaker;
      backend.advance(holdSeconds - 1);
      expect((await spray([bystander], 'a later logon', worker)).left).toEqual(['Email']);
      backend.advance(121);
      expect((await spray([bystander], 'the last logon', worker)).left).toEqual(['SMS']);
      expectFigure('seconds that it stays stopped', holdSeconds);
    });
  });

  test('guessing deployment keys, and flooding', () => {
    const requestsPerSecond = usual('windows.requestsPerSecond');
    expectFigure('requests in a second, over all PCs', requestsPerSecond);
    // A key has 256 random bits; half of them are tried on average.
    const years = 2 ** 255 / requestsPerSecond / (365.25 * 86_400);
    expectFigure('years to guess a key, as a power of ten', Math.floor(Math.log10(years)));
  });
});

test('recoveries of nobody close the questions of one group, for everybody there, for an hour', async () => {
  const userId = await enrolSomebody(backend);
  const begin = async (name: string, client: string) => {
    const outcome = await startRecovery(
      { person: await backend.person(name), client, path: 'kba' },
      {
        ...backend,
        policy: { ...policy, forgotPhone: { enabled: true, method: 'kba', usersSelect: false } },
        recoveries: recoveryStore(table, backend.keyring),
        workflow: { start: async () => {}, succeed: async () => 'resumed', fail: async () => 'resumed' },
        pollUntil: patiently,
      },
    );
    return outcome.kind;
  };
  let names = 0;
  while ((await begin(`nobody-asked-${names}`, pc)) === 'recovery') names += 1;
  expectFigure("names of nobody in an hour that close a group's questions", names);
  expect(await begin(userId, pc)).toBe('rate-limited');
  expect(await begin(userId, 'windows:reception')).toBe('recovery');
  expect((await start(userId, pc)).kind).toBe('challenge');
  backend.advance(3_600);
  expect(await begin(userId, pc)).toBe('recovery');
});
