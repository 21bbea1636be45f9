/** Races: many requests at the same time for something of which there is a fixed number. */
import { codeIn, codeSentTo, enrol, messagesTo, put, wrong } from '../e2e/people.ts';
import { enrolRecovering, recoverer, wrongAnswers } from '../e2e/recovering.ts';
import type { Json, StackAnswer } from '../stack.ts';
import { type MeasuredStack, startMeasured } from './inside/stack.ts';
import type { Figure, Measurement, Progress, Row, Settings } from './measurement.ts';
import { ownLimitsOnly } from './policies.ts';

/** One race: how often it is run, and what the worst run of it looked like. */
interface Race extends Row {
  run(track: Track): Promise<Outcome>;
}

interface Track {
  readonly stack: MeasuredStack;
  readonly api: ReturnType<typeof recoverer>;
  /** Requests that start at the same time. */
  readonly runners: number;
}

interface Outcome {
  /** What was counted, in the words of the table. */
  readonly counted: Readonly<Record<string, number>>;
  readonly holds: boolean;
}

const times = <T>(count: number, each: (place: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, place) => each(place)));
const having = (answers: readonly StackAnswer[], status: number) =>
  answers.filter((answer) => answer.status === status).length;

async function challenged({ stack, api }: Track, more: object = { method: 'SMS' }) {
  const person = await enrol(stack);
  const { body } = await api.start(person.userId, more);
  return { ...person, challengeId: body.challengeId as string, code: await codeSentTo(stack, person.phone) };
}

const list: readonly Race[] = [
  {
    id: 'races.right-code',
    promise: 'A one-time code works once',
    how: 'the right code, sent in parallel',
    async run(track) {
      const { challengeId, code } = await challenged(track);
      const answers = await times(track.runners, () => track.api.verify(challengeId, code));
      const accepted = having(answers, 200);
      return { counted: { requests: track.runners, accepted }, holds: accepted === 1 };
    },
  },
  {
    id: 'races.wrong-codes',
    promise: 'A challenge bears five guesses, however they race',
    how: 'different wrong codes in parallel; evaluated are those that were compared (422)',
    async run(track) {
      const { challengeId, code } = await challenged(track);
      const answers = await times(track.runners, (n) => track.api.verify(challengeId, wrong(code, n + 1)));
      const evaluated = having(answers, 422);
      return {
        counted: { requests: track.runners, evaluated, accepted: having(answers, 200) },
        holds: evaluated === 5,
      };
    },
  },
  {
    id: 'races.right-among-wrong',
    promise: 'The right code counts only when it is among those five',
    how: 'one right code at a random place among parallel wrong ones',
    async run(track) {
      const { challengeId, code } = await challenged(track);
      const right = Math.floor(Math.random() * track.runners);
      const answers = await times(track.runners, (n) =>
        track.api.verify(challengeId, n === right ? code : wrong(code, n + 1)),
      );
      const [accepted, rejected] = [having(answers, 200), having(answers, 422)];
      const late = await track.api.verify(challengeId, code);
      return {
        counted: {
          requests: track.runners,
          'evaluated at most': accepted + rejected,
          'accepted later': having([late], 200),
        },
        holds: accepted <= 1 && accepted + rejected <= 5 && late.status !== 200,
      };
    },
  },
  {
    id: 'races.backup-code',
    promise: 'A backup code works once',
    how: 'one code, 30 posts in parallel',
    async run({ stack, api }) {
      const { userId } = await enrol(stack);
      const [code] = (await api.generate(userId, { kind: 'static' })).body.codes;
      const answers = await times(30, () => api.useBackupCode({ userId, code }));
      const accepted = having(answers, 200);
      return { counted: { requests: 30, accepted }, holds: accepted === 1 };
    },
  },
  {
    id: 'races.duplicate-start',
    promise: 'A start that is repeated under its key is one challenge and one message',
    how: '20 equal starts under one Idempotency-Key in parallel; distinct answers are counted byte for byte',
    async run({ stack, api }) {
      const person = await enrol(stack);
      const answers = await times(20, () => api.start(person.userId, { method: 'SMS' }, { key: 'once' }));
      await stack.settled();
      const different = new Set(answers.map(({ text }) => text)).size;
      const messages = await messagesTo(stack, person.phone);
      return {
        counted: { requests: 20, created: having(answers, 201), 'distinct answers': different, messages },
        holds: having(answers, 201) === 20 && different === 1 && messages === 1,
      };
    },
  },
  {
    id: 'races.duplicate-recovery',
    promise: 'A recovery that is started again under its key is one execution',
    how: '20 equal starts of a recovery under one key in parallel; executions are the first steps that were opened',
    async run({ stack, api }) {
      const person = await enrolRecovering(stack);
      const answers = await times(20, () => api.startAnswer(person.userId, { path: 'kba' }, { key: 'once' }));
      const ids = new Set(answers.map(({ body }) => body.recoveryId as string));
      const opened = stack
        .log()
        .filter(({ event, recovery }) => event === 'recovery-step-opened' && ids.has(String(recovery)));
      return {
        counted: {
          requests: 20,
          created: having(answers, 201),
          recoveries: ids.size,
          executions: opened.length,
        },
        holds: having(answers, 201) === 20 && ids.size === 1 && opened.length === 1,
      };
    },
  },
  {
    id: 'races.right-answers',
    promise: 'Right answers to security questions are worth one assertion',
    how: 'the right answers of one challenge, 20 times in parallel',
    async run({ stack, api }) {
      const { userId } = await enrolRecovering(stack);
      const { body } = await api.askQuestions(userId);
      const answers = await times(20, () => api.check(body));
      const accepted = having(answers, 200);
      return { counted: { requests: 20, accepted }, holds: accepted === 1 };
    },
  },
  {
    id: 'races.wrong-answers',
    promise: 'Security questions bear three tries in 24 hours, over all clients',
    how: 'wrong answers in parallel by two clients, each in a challenge of its own',
    async run({ stack, api }) {
      const { userId } = await enrolRecovering(stack);
      const clients = ['credential-provider', 'web-login'] as const;
      const asked = await Promise.all(
        clients.map(async (client) => (await api.askQuestions(userId, { client })).body),
      );
      const answers = await times(24, (n) =>
        api.check(asked[n % 2], wrongAnswers, { client: clients[n % 2] as 'web-login' }),
      );
      const evaluated = having(answers, 422);
      return { counted: { requests: 24, evaluated }, holds: evaluated === 3 };
    },
  },
  {
    id: 'races.verify-resend',
    promise: 'A resend and a verification that race end with one assertion at most',
    how: 'the old code and a resend at the same moment, then the new code',
    async run(track) {
      const { stack, api } = track;
      const { challengeId, code, phone } = await challenged(track);
      await stack.advance(31);
      const [verified, resent] = await Promise.all([api.verify(challengeId, code), api.resend(challengeId)]);
      const next =
        resent.status === 200 ? await api.verify(challengeId, await codeSentTo(stack, phone, 2)) : undefined;
      const again = await api.verify(challengeId, code);
      const accepted = having([verified, again, ...(next ? [next] : [])], 200);
      return { counted: { accepted }, holds: accepted === 1 };
    },
  },
  {
    id: 'races.regenerate-use',
    promise: 'A batch of backup codes ends when the next one is made: never both, never neither',
    how: 'a new batch and a code of the old one at the same moment, then another old and a new code',
    async run({ stack, api }) {
      const { userId } = await enrol(stack);
      const old = (await api.generate(userId, { kind: 'static' })).body.codes as string[];
      const [, made] = await Promise.all([
        api.useBackupCode({ userId, code: old[0] }),
        api.generate(userId, { kind: 'static' }),
      ]);
      const late = await api.useBackupCode({ userId, code: old[1] });
      const fresh = await api.useBackupCode({ userId, code: (made.body as Json)?.codes?.[0] ?? '' });
      const counted = {
        'old accepted afterwards': having([late], 200),
        'new accepted': having([fresh], 200),
      };
      return { counted, holds: late.status === 422 && fresh.status === 200 };
    },
  },
  {
    id: 'races.user-budget',
    promise: 'A person bears ten wrong attempts in 24 hours, over all methods, challenges and clients',
    how: 'wrong codes, answers and backup codes in parallel, by two clients at once',
    async run({ stack, api, runners }) {
      const person = await enrolRecovering(stack);
      const { userId } = person;
      const clients = ['credential-provider', 'web-login'] as const;
      const open = await Promise.all(
        clients.map(async (client, n) => ({
          client,
          otp: (await api.start(userId, { method: n === 0 ? 'SMS' : 'Email' }, { client })).body,
          kba: (await api.askQuestions(userId, { client })).body,
        })),
      );
      const answers = await times(runners, (n) => {
        const { client, otp, kba } = open[n % 2] as (typeof open)[number];
        if (n % 5 === 0) return api.check(kba, wrongAnswers, { client });
        if (n % 5 < 3) return api.verify(otp.challengeId, String(n).padStart(6, '0'), { client });
        return api.useBackupCode(
          { userId, code: `0000-0000-0000-${String(n).padStart(4, '0')}` },
          { client },
        );
      });
      const [evaluated, accepted] = [having(answers, 422), having(answers, 200)];
      return {
        counted: { requests: runners, evaluated, accepted },
        holds: evaluated + accepted === 10 && accepted === 0,
      };
    },
  },
  {
    id: 'races.destination',
    promise: 'One number gets five messages in ten minutes, whoever asks',
    how: 'twelve people with one number, each started by two clients in parallel, by SMS and call',
    async run({ stack, api }) {
      const { phone } = await enrol(stack);
      const users = await times(12, async (n) => {
        const userId = `sharing-${phone.slice(-4)}-${n}`;
        await put(stack, userId, { phone });
        return userId;
      });
      const answers = await times(24, (n) =>
        api.start(
          users[n % 12] as string,
          { method: n % 2 === 0 ? 'SMS' : 'Call' },
          { client: n < 12 ? 'credential-provider' : 'web-login' },
        ),
      );
      await stack.settled();
      const codes = (await stack.outbox(phone)).map(({ body }) => codeIn(body));
      return {
        counted: { requests: 24, created: having(answers, 201), messages: codes.length },
        holds: codes.length === 5 && having(answers, 201) === 5,
      };
    },
  },
];

async function measure({ quick }: Settings, progress: Progress): Promise<Record<string, Figure>> {
  const stack = await startMeasured(ownLimitsOnly);
  const figures: Record<string, Figure> = {};
  const rounds = quick ? 1 : 10;
  try {
    for (const race of list) {
      const outcomes: Outcome[] = [];
      for (let round = 0; round < rounds; round += 1) {
        outcomes.push(await race.run({ stack, api: recoverer(stack), runners: quick ? 40 : 200 }));
      }
      figures[race.id] = summary(outcomes);
      progress(race.id);
    }
  } finally {
    await stack.stop();
  }
  return figures;
}

/** Counts that were the same in every round are told once; others as least to most. */
function summary(outcomes: readonly Outcome[]): Figure {
  const names = Object.keys(outcomes[0]?.counted ?? {});
  const counts = names.map((name) => {
    const seen = outcomes.map(({ counted }) => counted[name] ?? 0);
    const [least, most] = [Math.min(...seen), Math.max(...seen)];
    return `${least === most ? least : `${least} to ${most}`} ${name}`;
  });
  const rounds = outcomes.length === 1 ? '' : `, in each of ${outcomes.length} rounds`;
  return { figure: `${counts.join(', ')}${rounds}`, holds: outcomes.every(({ holds }) => holds) };
}

export const races: Measurement = {
  name: 'races',
  rows: list.map(({ id, promise, how }) => ({ id, promise, how })),
  measure,
};
